package io.carillon.architecture.planted.security;

import jakarta.ws.rs.core.Response;

/** Planted: JAX-RS outside of its homes. */
record SecurityAnswersRest(Response response) {}
