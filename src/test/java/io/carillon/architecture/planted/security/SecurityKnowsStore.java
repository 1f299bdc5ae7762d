package io.carillon.architecture.planted.security;

import io.carillon.architecture.planted.store.jdbc.Rows;

/** Planted: an edge that knows another edge. */
record SecurityKnowsStore(Rows rows) {}
