package io.carillon.architecture.planted.store.jdbc;

import jakarta.servlet.ServletRequest;

/** Planted: the servlet API outside of its homes. */
record StoreReadsRequest(ServletRequest request) {}
