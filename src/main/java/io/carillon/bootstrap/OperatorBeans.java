package io.carillon.bootstrap;

import io.carillon.core.console.Console;
import io.carillon.core.spi.Bans;
import io.carillon.core.spi.Inspection;
import io.carillon.store.jdbc.JdbcInspection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** CDI producers of the instance's parts that are for operators. */
@ApplicationScoped
public class OperatorBeans {
  @Inject private @Nullable Carillon carillon;

  private Instance instance() {
    return Objects.requireNonNull(carillon).instance();
  }

  /** Banned users. */
  @Produces
  @Singleton
  public Bans bans() {
    return instance().banStore;
  }

  /** Views for operators. */
  @Produces
  @Singleton
  public Console console() {
    return instance().console;
  }

  /** The database's state, for operators. */
  @Produces
  @Singleton
  public Inspection inspection() {
    return new JdbcInspection(instance().databases.pool());
  }
}
