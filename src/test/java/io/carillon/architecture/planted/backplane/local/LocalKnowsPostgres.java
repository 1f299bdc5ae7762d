package io.carillon.architecture.planted.backplane.local;

import io.carillon.architecture.planted.backplane.postgres.Listener;

/** Planted: a backplane that knows another. */
record LocalKnowsPostgres(Listener listener) {}
