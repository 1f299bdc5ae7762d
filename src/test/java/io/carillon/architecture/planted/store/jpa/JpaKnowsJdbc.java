package io.carillon.architecture.planted.store.jpa;

import io.carillon.architecture.planted.store.jdbc.Rows;

/** Planted: a store that knows another. */
record JpaKnowsJdbc(Rows rows) {}
