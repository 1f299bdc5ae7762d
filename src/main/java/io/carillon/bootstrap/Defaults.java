package io.carillon.bootstrap;

import io.carillon.core.spi.Authorizer;
import io.carillon.security.GrantsAuthorizer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Default beans that an application may replace by its own. */
@ApplicationScoped
public class Defaults {
  /**
   * Rights as the credential says. An application that decides by itself has an
   * {@code @Alternative} bean of that type with a {@code @Priority}.
   */
  @Produces
  @Singleton
  public Authorizer authorizer() {
    return new GrantsAuthorizer();
  }
}
