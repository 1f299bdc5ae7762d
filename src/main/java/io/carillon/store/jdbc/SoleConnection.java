package io.carillon.store.jdbc;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import javax.sql.ConnectionEvent;
import javax.sql.ConnectionEventListener;
import javax.sql.ConnectionPoolDataSource;
import javax.sql.DataSource;
import javax.sql.PooledConnection;
import org.jspecify.annotations.Nullable;

/**
 * A pool of one connection, for the few tiny calls that must never queue behind anything else: the
 * instance's lease, its knowledge of withdrawn rights and the database ping. Opened at the first
 * use, kept, and opened anew after it broke. Callers take turns and wait at most {@code patience}
 * for theirs; a caller that holds its turn longer than that starves only the other calls of this
 * kind. Thread-safe; blocks.
 */
public final class SoleConnection implements DataSource, AutoCloseable {
  private final ConnectionPoolDataSource source;
  private final Duration patience;
  private final Semaphore turn = new Semaphore(1, true);

  // Owned by the holder of the turn.
  private @Nullable PooledConnection kept;
  private boolean broken;

  private volatile boolean closed;

  /**
   * Creates the pool; the first call opens the connection.
   *
   * @param source gives connections; connecting and each read of the socket must be bounded
   * @param patience longest wait of a call for its turn
   */
  public SoleConnection(ConnectionPoolDataSource source, Duration patience) {
    this.source = source;
    this.patience = patience;
  }

  /**
   * The connection, autocommitting, until the caller closes it.
   *
   * @throws SQLTransientConnectionException if the turn did not come in time
   */
  @Override
  public Connection getConnection() throws SQLException {
    awaitTurn();
    boolean given = false;
    try {
      PooledConnection pooled = kept == null ? open() : kept;
      Connection connection = pooled.getConnection();
      given = true;
      return connection;
    } finally {
      if (!given) {
        discard();
        turn.release();
      }
    }
  }

  private void awaitTurn() throws SQLException {
    try {
      if (closed || !turn.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new SQLTransientConnectionException("the connection was not free in time", "08001");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLTransientConnectionException("interrupted", "08001", e);
    }
  }

  private PooledConnection open() throws SQLException {
    PooledConnection pooled = source.getPooledConnection();
    pooled.addConnectionEventListener(
        new ConnectionEventListener() {
          @Override
          public void connectionClosed(ConnectionEvent event) {
            if (closed || broken) {
              discard();
            }
            turn.release();
          }

          @Override
          public void connectionErrorOccurred(ConnectionEvent event) {
            // The driver tells only of what ends a connection; the caller still has the turn.
            broken = true;
          }
        });
    kept = pooled;
    return pooled;
  }

  private void discard() {
    PooledConnection old = kept;
    kept = null;
    broken = false;
    if (old != null) {
      try {
        old.close();
      } catch (SQLException alreadyGone) {
        // Nothing is lost with a connection that cannot even be closed.
      }
    }
  }

  /** Closes the connection once it is free; later calls are refused. */
  @Override
  public void close() {
    closed = true;
    if (turn.tryAcquire()) {
      discard();
      turn.release();
    }
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("one user only");
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(PrintWriter out) throws SQLException {
    throw new SQLFeatureNotSupportedException("no writer");
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    throw new SQLFeatureNotSupportedException("bounded by its source");
  }

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("no logger");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLException("wraps nothing");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
