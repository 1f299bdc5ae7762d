package io.carillon.architecture.planted.api;

import jakarta.persistence.EntityManager;

/** Planted: JPA outside of its home. */
record EntityInApi(EntityManager entities) {}
