package io.carillon.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class OwnUrlTest {
  private static @Nullable String url(String set, String host, int port, String database) {
    Settings.Tls tls = new Settings.Tls("disable", "", "", "");
    return new OwnUrl(
            new Settings.Neighbourhood(set, 1),
            host,
            port,
            new Settings.Database(database, 5432, "carillon", "carillon_app", "", tls))
        .get();
  }

  @Test
  void whatIsSetIsSaid() {
    assertEquals("https://one.internal/", url("https://one.internal/", "*", -1, "db.invalid"));
  }

  @Test
  void elseWhereItListens() {
    assertEquals("http://192.0.2.7:9080/", url("", "192.0.2.7", 9080, "db.invalid"));
    assertEquals("http://[2001:db8::1]:9080/", url("", "2001:db8::1", 9080, "db.invalid"));
    assertEquals("http://one.internal:81/", url("", "one.internal", 81, "db.invalid"));
  }

  @Test
  void everywhereIsTheWayToTheDatabase() {
    assertEquals("http://127.0.0.1:9080/", url("", "*", 9080, "127.0.0.1"));
    assertEquals("http://127.0.0.1:9080/", url("", "0.0.0.0", 9080, "127.0.0.1"));
  }

  @Test
  void whatIsNotKnownIsNotSaid() {
    assertNull(url("", "*", 9080, "no-such-host.invalid"));
    assertNull(url("", "192.0.2.7", -1, "127.0.0.1"));
  }
}
