package io.carillon.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who answers at this instance's port. */
class DoorTest {
  private final AtomicLong now = new AtomicLong();
  private HttpServer stranger;
  private int port;

  @BeforeEach
  void somebodyElseHasThePort() throws IOException {
    stranger = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    stranger.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    stranger.start();
    port = stranger.getAddress().getPort();
  }

  @AfterEach
  void close() {
    stranger.stop(0);
  }

  private Door door(String host) {
    return new Door(host, port, "word", now::get);
  }

  private void pass(java.time.Duration time) {
    now.addAndGet(time.toNanos() + 1);
  }

  @Test
  void aStrangerIsToldFromNobodyAndIsWaitedForBeforeAllIsGivenUp() {
    Door door = door("*");
    assertEquals(Door.KnockResult.STRANGER, door.knock());
    assertNull(door.hopeless(), "the process before may be on its way out");
    pass(Door.STRANGER);
    assertEquals(Door.KnockResult.STRANGER, door.knock());
    assertTrue(String.valueOf(door.hopeless()).contains("port " + port), door.hopeless());
    assertFalse(door.open());
  }

  @Test
  void aStrangerThatGoesIsForgotten() {
    Door door = door("127.0.0.1");
    assertEquals(Door.KnockResult.STRANGER, door.knock());
    stranger.stop(0);
    pass(Door.STRANGER);
    assertEquals(Door.KnockResult.NOBODY, door.knock());
    assertNull(door.hopeless());
    pass(Door.NOBODY);
    assertNotNull(door.hopeless(), "nobody for so long");
  }

  @Test
  void withoutAPortThereIsNothingToAsk() {
    Door door = new Door("*", -1, "word", now::get);
    assertTrue(door.open());
    assertEquals(Door.KnockResult.US, door.knock());
    pass(Door.NOBODY);
    assertNull(door.hopeless());
  }
}
