package io.carillon.store.jdbc;

import io.carillon.core.ErrorCode;
import io.carillon.core.Publication;
import io.carillon.core.RefusedException;
import io.carillon.core.spi.LogUnavailableException;
import io.carillon.core.spi.Outbox;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Transactional outbox for code in a JTA transaction of the container: a connection of the given
 * {@link DataSource} takes part in the calling thread's transaction.
 */
public final class JtaOutbox implements Outbox {
  private final DataSource source;
  private final Runnable wake;

  /**
   * Publishes through this source.
   *
   * @param source the container's, enlisted in the thread's transaction
   * @param wake wakes the relay; must return at once
   */
  public JtaOutbox(DataSource source, Runnable wake) {
    this.source = source;
    this.wake = wake;
  }

  @Override
  public String publish(Publication publication) {
    try (Connection connection = source.getConnection()) {
      return TransactionOutbox.publish(connection, publication);
    } catch (SQLException e) {
      ErrorCode refusal = refusal(e);
      if (refusal != null) {
        throw new RefusedException(refusal);
      }
      throw new LogUnavailableException("the outbox cannot be written", e);
    }
  }

  @Override
  public void wake() {
    wake.run();
  }

  /** The code of a refusal by {@code carillon.publish_content}, which begins its message. */
  private static @Nullable ErrorCode refusal(SQLException e) {
    String state = e.getSQLState();
    String message = e.getMessage();
    if (state == null || message == null) {
      return null;
    }
    if (state.startsWith("22")) {
      for (ErrorCode code : ErrorCode.values()) {
        if (message.contains(' ' + code.code() + ": ")) {
          return code;
        }
      }
      return ErrorCode.BAD_DATA;
    }
    return null;
  }
}
