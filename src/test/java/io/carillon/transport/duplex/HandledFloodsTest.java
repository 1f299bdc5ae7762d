package io.carillon.transport.duplex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.CloseCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Peers that send too much, or leave at bad moments, to namespaces that beans handle. */
final class HandledFloodsTest extends HandledNamespacesCase {
  private static final String LARGE = "x".repeat(40_000);

  /** Nothing of any client is left: connections, sockets, sessions, readers of rooms. */
  private void nothingIsLeft() {
    until("connections", () -> instance.connections.count() == 0);
    until("sockets", () -> hubs.stream().allMatch(hub -> hub.connections() == 0));
    until("sessions", () -> sessions.stream().allMatch(kept -> kept.count() == 0));
    until("rooms", () -> instance.rooms.statistics().occupied() == 0);
    assertEquals(64, links.waitingReaders().availablePermits());
  }

  private static void until(String what, BooleanSupplier holds) {
    long begun = System.nanoTime();
    while (!holds.getAsBoolean()) {
      assertTrue(System.nanoTime() - begun < 20_000_000_000L, what);
      Thread.onSpinWait();
    }
  }

  @Test
  void whoSendsMoreThanASlowHandlerTakesIsSentAway() throws Exception {
    Client a = user(here, "alice");
    Client b = user(here, "bob");
    chat.slow = new CountDownLatch(1);
    a.say("42/chat,[\"wait\"]");
    assertEquals("waits", chat.note());
    CountDownLatch refused = new CountDownLatch(1);
    instance.threads.execute(
        () -> {
          for (int i = 0; i < 20; i++) {
            a.say("42/chat,[\"n\",\"" + LARGE + "\"]");
          }
          refused.countDown();
        });
    until("held up", () -> links.waitingReaders().availablePermits() == 63);
    for (int i = 0; i < 100; i++) {
      b.say("42/chat," + i + "[\"echo\",\"served\"]");
      b.expect("43/chat," + i + "[\"served\"]");
    }
    a.closed();
    refused.await();
    chat.slow.countDown();
    assertEquals("out alice forced server close", chat.note(), "nothing of what waited is handled");
    b.wire.close();
    assertEquals("out bob transport close", chat.note());
    nothingIsLeft();
  }

  @Test
  void whatOutlivesItsConnectionIsBounded() throws Exception {
    int clients = 30;
    int each = 10;
    chat.slow = new CountDownLatch(1);
    for (int i = 0; i < clients; i++) {
      Client client = user(here, "alice");
      client.say("42/chat,[\"wait\"]");
      assertEquals("waits", chat.note());
      for (int n = 0; n < each; n++) {
        client.say("42/chat,[\"n\",\"" + LARGE + "\"]");
      }
      client.decoded();
      client.wire.close();
    }
    nothingIsLeft();
    chat.slow.countDown();
    int handled = 0;
    for (int out = 0; out < clients; ) {
      String note = chat.note();
      if (note.equals("out alice transport close")) {
        out++;
      } else {
        assertTrue(note.startsWith("n["), note);
        handled++;
      }
    }
    assertEquals(8 * 1024 * 1024 / (each * (LARGE.length() + 256)) * each, handled);
    Client after = user(here, "alice");
    after.say("42/chat,[\"n\",1]");
    after.decoded();
    after.wire.close();
    assertEquals("n[1]", chat.note(), "the next is handled as ever");
  }

  @Test
  void whatWasSentBeforeALinkBrokeIsHandled() throws Exception {
    Client a = user(here, "alice");
    chat.slow = new CountDownLatch(1);
    a.say("42/chat,[\"wait\"]");
    assertEquals("waits", chat.note());
    a.say("42/chat,[\"n\",1]");
    a.say("41/chat,");
    a.decoded();
    a.wire.close();
    chat.slow.countDown();
    assertEquals("n[1]", chat.note());
    assertEquals("out alice client namespace disconnect", chat.note());
  }

  @Test
  void whatWaitsWhenTheServerDisconnectsIsNot() throws Exception {
    Client a = user(here, "alice");
    Client b = user(here, "bob");
    chat.slow = new CountDownLatch(1);
    a.say("42/chat,[\"wait\"]");
    assertEquals("waits", chat.note());
    a.say("42/chat,[\"n\",1]");
    b.say("42/chat,[\"all out\"]");
    a.expect("41/chat,");
    chat.slow.countDown();
    assertEquals("out alice server namespace disconnect", chat.note());
  }

  @Test
  void aFloodOfConnectsAndDisconnectsIsWorkedOnOneByOne() throws Exception {
    Client a = new Client(here);
    Client b = user(here, "bob");
    chat.slow = new CountDownLatch(1);
    for (int i = 0; i < 300; i++) {
      a.say("40/chat,{\"token\":\"lingerer\",\"lobby\":1,\"slow\":" + i + "}");
      if (i == 0) {
        assertEquals("enters lingerer", chat.note());
      }
      a.say("41/chat,");
    }
    a.say("40/chat,{\"token\":\"lingerer\",\"lobby\":1}");
    b.say("42/chat,1[\"echo\",\"served\"]");
    b.expect("43/chat,1[\"served\"]");
    a.decoded();
    assertEquals(0, chat.notes.size(), "the others wait for the first");
    chat.slow.countDown();
    String connected = a.next();
    assertTrue(connected.startsWith("40/chat,{\"sid\":\"id-"), connected);
    a.expect("42/chat,[\"welcome\",\"lingerer\"]");
    assertEquals("in lingerer", chat.note());
    assertEquals("leaves lingerer", chat.note());
    assertEquals("out lingerer client namespace disconnect", chat.note());
    assertEquals("in lingerer", chat.note());
    until("one session for each of the two", () -> store.count() == 2);
    assertEquals(2, sessions.getFirst().count());
    // The namespace, two rooms of ids, the lobby.
    until("rooms", () -> instance.rooms.statistics().occupied() == 4);
    b.say("42/chat,2[\"say\",\"lobby\",\"still\"]");
    a.expect("42/chat,[\"said\",\"still\",\"bob\"]");
    a.wire.close();
    b.wire.close();
    nothingIsLeft();
  }

  @Test
  void manyNamespacesOneAfterAnother() throws Exception {
    Client a = new Client(here);
    for (int i = 0; i < 200; i++) {
      a.say("40/tenant-" + i + ",{\"token\":\"alice\"}");
      assertTrue(a.next().startsWith("40/tenant-" + i + ","));
      a.expect("42/tenant-" + i + ",[\"welcome\",\"alice\"]");
      a.say("41/tenant-" + i + ",");
      assertEquals("in alice", tenants.note());
      assertEquals("out alice client namespace disconnect", tenants.note());
    }
    a.wire.close();
    nothingIsLeft();
  }

  @Test
  void aLinkThatBreaksWhileItsClientEnters() throws Exception {
    chat.slow = new CountDownLatch(1);
    Client a = new Client(here, "40/chat,{\"token\":\"alice\",\"slow\":1,\"lobby\":1}");
    assertEquals("enters alice", chat.note());
    a.wire.close();
    chat.slow.countDown();
    assertEquals("in alice", chat.note());
    assertEquals("out alice transport close", chat.note());
    nothingIsLeft();
  }

  @Test
  void linksThatBreakAtAnyMoment() throws Exception {
    List<Thread> both = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      Client client = new Client(here);
      both.add(
          Thread.ofVirtual().start(() -> client.say("40/chat,{\"token\":\"alice\",\"lobby\":1}")));
      both.add(Thread.ofVirtual().start(client.wire::close));
    }
    for (Thread each : both) {
      each.join();
    }
    nothingIsLeft();
  }

  @Test
  void whatIsKeptAtTheEndHasNoEffect() throws Exception {
    Client a = user(here, "keeper");
    a.say("42/chat,1[\"remember\",\"me\"]");
    a.expect("43/chat,1[]");
    a.say("41/chat,");
    assertEquals("out keeper client namespace disconnect", chat.note());
    assertEquals(0, store.count());
    enter(a, "keeper");
    a.wire.close();
    assertEquals("out keeper transport close", chat.note());
    nothingIsLeft();
  }

  @Test
  void whatAKickedClientsHandlerStillDoesIsNotKept() throws Exception {
    Client a = user(here, "alice");
    chat.slow = new CountDownLatch(1);
    a.say("42/chat,[\"wait\"]");
    assertEquals("waits", chat.note());
    instance.connections.close("alice", CloseCode.KICKED, "kicked");
    a.expect("41/chat,");
    a.closed();
    chat.slow.countDown();
    assertEquals("out alice forced server close", chat.note());
    assertEquals(0, store.count());
    nothingIsLeft();
  }

  @Test
  void acknowledgementsThatAreForgedOrNeverCome() throws Exception {
    Client a = user(here, "alice");
    Client b = user(here, "bob");
    for (int i = 0; i < 2000; i++) {
      a.say("43/chat," + (i % 2 == 0 ? i : 999_999_999_999_999L - i) + "[\"never asked\"]");
    }
    a.say("42/chat,[\"ask later\",1001,60000]");
    assertEquals("too many are waited for", chat.note());
    for (int i = 0; i < 1000; i++) {
      assertTrue(a.next().startsWith("42/chat," + i + "[\"question\""), "asked " + i);
    }
    b.say("43/chat,7[\"of another socket\"]");
    b.say("42/chat,1[\"echo\",\"served\"]");
    b.expect("43/chat,1[\"served\"]");
    a.say("43/chat,7[\"mine\"]");
    assertEquals("got [\"mine\"]", chat.note());
    a.wire.close();
    List<String> ends = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      ends.add(chat.note());
    }
    assertEquals(Set.of("the socket has ended", "out alice transport close"), new TreeSet<>(ends));
    b.wire.close();
    assertEquals("out bob transport close", chat.note());
    nothingIsLeft();
  }

  @Test
  void attachmentsThatNeverCome() throws Exception {
    Client a = user(here, "alice");
    Client b = user(here, "bob");
    a.say(
        "452-/chat,1[\"echo\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]");
    a.bytes(1);
    instance.pass(20);
    a.expect("2");
    a.say("3");
    b.expect("2");
    b.say("3");
    b.say("42/chat,1[\"echo\",\"served\"]");
    b.expect("43/chat,1[\"served\"]");
    a.say("42/chat,2[\"echo\"]");
    a.closed();
    assertEquals("out alice parse error", chat.note());
    Client much = user(here, "carol");
    much.say("4510-/chat,[\"echo\",{\"_placeholder\":true,\"num\":0}]");
    for (int i = 0; i < 3; i++) {
      much.bytes(new int[400_000]);
    }
    much.closed();
    assertEquals("out carol parse error", chat.note());
    b.wire.close();
    assertEquals("out bob transport close", chat.note());
    nothingIsLeft();
  }

  @Test
  void eventsForNamespacesThatWereNotEntered() throws Exception {
    Client b = user(here, "bob");
    for (String bad : List.of("42/open,[\"x\"]", "43/open,1[]", "41/open,", "42/nowhere,[1]")) {
      Client a = user(here, "alice");
      a.say(bad);
      a.closed();
      assertEquals("out alice parse error", chat.note());
    }
    b.say("42/chat,1[\"echo\",\"served\"]");
    b.expect("43/chat,1[\"served\"]");
    assertEquals(0, open.notes.size());
    b.wire.close();
    assertEquals("out bob transport close", chat.note());
    nothingIsLeft();
  }

  @Test
  void whatCannotBeSaidIsNotSilentlyLost() throws Exception {
    LinkedBlockingQueue<Runnable> held = new LinkedBlockingQueue<>();
    AtomicInteger running = new AtomicInteger();
    AtomicBoolean holds = new AtomicBoolean();
    Links narrow =
        new Links(
            instance.connections,
            instance.commands,
            task -> {
              if (holds.get()) {
                held.add(task);
                return;
              }
              running.incrementAndGet();
              instance.threads.execute(
                  () -> {
                    task.run();
                    running.decrementAndGet();
                  });
            },
            Duration.ofSeconds(20),
            new Links.LinkLimits(512 * 1024, 8, 64));
    Client a = enter(new Client(here, narrow), "alice");
    chat.slow = new CountDownLatch(1);
    a.say("42/chat,[\"emit\",10]");
    assertEquals("emits", chat.note());
    until("it is idle", () -> running.get() == 0);
    holds.set(true);
    a.say("40{\"token\":\"alice\"}");
    until("its commands wait", () -> held.size() == 1);
    chat.slow.countDown();
    a.closed();
    assertEquals("out alice forced server close", chat.note());
    nothingIsLeft();
  }

  @Test
  void whatIsHeldBackForWhoEntersIsBounded() throws Exception {
    Client b = user(here, "bob");
    chat.slow = new CountDownLatch(1);
    Client a = new Client(here, "40/chat,{\"token\":\"alice\",\"slow\":1}");
    assertEquals("enters alice", chat.note());
    for (int i = 0; i < 40; i++) {
      b.say("42/chat,[\"large question\",\"" + LARGE + "\"]");
      String heard = b.next();
      assertTrue(heard.startsWith("42/chat," + i + "[\"question\""), heard);
      b.say("43/chat," + i + "[]");
    }
    a.closed();
    chat.slow.countDown();
    assertEquals("in alice", chat.note());
    assertEquals("out alice forced server close", chat.note());
    b.wire.close();
    nothingIsLeft();
  }

  @Test
  void anythingThatAHandlerThrowsHarmsNobody() throws Exception {
    Client a = user(here, "alice");
    a.say("42/chat,1[\"throw any\"]");
    a.say("42/chat,2[\"echo\"]");
    a.expect("43/chat,2[]");
  }
}
