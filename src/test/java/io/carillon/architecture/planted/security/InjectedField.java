package io.carillon.architecture.planted.security;

import jakarta.inject.Inject;

/** Planted: field injection. */
final class InjectedField {
  @Inject String name;
}
