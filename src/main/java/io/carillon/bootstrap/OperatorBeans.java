package io.carillon.bootstrap;

import io.carillon.core.console.Console;
import io.carillon.core.limit.Limits;
import io.carillon.core.spi.Bans;
import io.carillon.core.spi.Inspection;
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
    return instance().bans;
  }

  /** Views for operators. */
  @Produces
  @Singleton
  public Console console() {
    return instance().console;
  }

  /** Limits, and whom they have refused. */
  @Produces
  @Singleton
  public Limits limits() {
    return instance().limits;
  }

  /** The database's state, for operators. */
  @Produces
  @Singleton
  public Inspection inspection() {
    return instance().inspection;
  }
}
