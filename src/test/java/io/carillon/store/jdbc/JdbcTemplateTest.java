package io.carillon.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.spi.LogUnavailableException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

final class JdbcTemplateTest {
  private final AtomicBoolean closed = new AtomicBoolean();
  private final SQLException failure = new SQLException("no such table", "42P01");

  /** Gives a connection that can only be closed. */
  private final DataSource source =
      stub(DataSource.class, () -> stub(Connection.class, () -> closed.getAndSet(true)));

  private final JdbcTemplate template = new JdbcTemplate(source, "tickets");

  private interface Answer {
    Object get() throws SQLException;
  }

  private static <T> T stub(Class<T> type, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              Object given = answer.get();
              return method.getReturnType() == void.class ? null : given;
            }));
  }

  @Test
  void aFailureNamesTheStoreAndKeepsItsCause() {
    LogUnavailableException e =
        assertThrows(
            LogUnavailableException.class,
            () ->
                template.with(
                    connection -> {
                      throw failure;
                    }));
    assertEquals("tickets cannot be read or written", e.getMessage());
    assertSame(failure, e.getCause());
    assertTrue(closed.get());
  }

  @Test
  void aDriverThatCannotBeReadIsTheSame() {
    ClassFormatError unreadable = new ClassFormatError("no descriptor is left");
    DataSource broken =
        stub(
            DataSource.class,
            () -> {
              throw unreadable;
            });
    LogUnavailableException e =
        assertThrows(
            LogUnavailableException.class,
            () -> new JdbcTemplate(broken, "tickets").with(connection -> 1));
    assertSame(unreadable, e.getCause());
  }

  @Test
  void aDatabaseThatIsAwayIsTheSame() {
    DataSource away =
        stub(
            DataSource.class,
            () -> {
              throw failure;
            });
    LogUnavailableException e =
        assertThrows(
            LogUnavailableException.class,
            () -> new JdbcTemplate(away, "kicks").update("x", JdbcTemplate.Parameters.NONE));
    assertEquals("kicks cannot be read or written", e.getMessage());
  }

  @Test
  void anAnswerAndAnotherExceptionGoThrough() {
    assertEquals("seven", template.with(connection -> "seven"));
    assertTrue(closed.get());
    assertThrows(
        IllegalStateException.class,
        () ->
            template.with(
                connection -> {
                  throw new IllegalStateException();
                }));
  }
}
