package io.carillon.architecture.planted.api;

import java.sql.Connection;

/** Planted: JDBC outside of its homes. */
record ApiSpeaksSql(Connection connection) {}
