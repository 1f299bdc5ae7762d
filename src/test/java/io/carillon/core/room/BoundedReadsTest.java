package io.carillon.core.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Command;
import io.carillon.core.Delivery;
import io.carillon.core.HistoryQuery;
import io.carillon.core.Reply;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Connection;
import io.carillon.core.spi.EventLog;
import io.carillon.core.spi.LogPage;
import io.carillon.kit.MemoryLog;
import io.carillon.kit.RecordingSink;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is far behind, and who reads history, leave the others their part of the database. */
@Timeout(60)
class BoundedReadsTest {
  private static final int ROOMS = 40;

  /** Of the sixteen connections that {@link Instance} says there are. */
  private static final int REPLAYS = 8;

  private static final int HISTORIES = 4;

  /** How many may join at a time. */
  private static final int JOINING = 256;

  private final MemoryLog memory = new MemoryLog();
  private final Semaphore gate = new Semaphore(1000);
  private final AtomicInteger pages = new AtomicInteger();
  private final AtomicInteger heads = new AtomicInteger();
  private final AtomicInteger readEvents = new AtomicInteger();

  /** What the calls return that have to pass the gate. */
  private volatile Class<?> closed = LogPage.class;

  /** A log whose answers come only when the gate lets them. */
  private EventLog log() {
    EventLog log = memory.at();
    return (EventLog)
        Proxy.newProxyInstance(
            EventLog.class.getClassLoader(),
            new Class<?>[] {EventLog.class},
            (self, method, arguments) -> {
              if (method.getName().equals("heads")) {
                heads.incrementAndGet();
              }
              if (method.getReturnType() == LogPage.class) {
                pages.incrementAndGet();
              }
              boolean read = method.getReturnType() == closed;
              if (read) {
                gate.acquire();
              }
              try {
                Object answer = method.invoke(log, arguments);
                if (answer instanceof LogPage page) {
                  readEvents.addAndGet(page.events().size());
                }
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              } finally {
                if (read) {
                  gate.release();
                }
              }
            });
  }

  private static RoomName room(int number) {
    return new RoomName("inbox:" + number);
  }

  private static void fill(Instance here) {
    for (int i = 0; i < ROOMS; i++) {
      here.publish(room(i), 5);
    }
  }

  private String afterFirst(int number) {
    return memory.head(room(number)).epoch() + ".1";
  }

  @Test
  void readersAtPlacesOfTheirOwnReadSoManyAtATime() {
    try (Instance here = new Instance(log())) {
      fill(here);
      gate.drainPermits();
      pages.set(0);
      List<RecordingSink> sinks = new ArrayList<>();
      for (int i = 0; i < ROOMS; i++) {
        RecordingSink sink = new RecordingSink();
        sinks.add(sink);
        here.commands.execute(here.open(sink), Instance.join(room(i), afterFirst(i)));
      }
      sinks.forEach(sink -> sink.await(got -> !got.isEmpty()));
      while (pages.get() < REPLAYS) {
        Thread.onSpinWait();
      }
      // Everybody has joined, and nobody who came later asks for a page.
      assertEquals(REPLAYS, pages.get());

      gate.release(1000);
      for (RecordingSink sink : sinks) {
        RoomsFixture.awaitSeqs(sink, 2, 5);
      }
    }
  }

  /** Pages of the size of its outbox: with those of a megabyte each was read nearly four times. */
  @Test
  void aReaderOfLargeEventsReadsFewOfThemTwice() {
    int events = 200;
    try (Instance here = new Instance(log())) {
      for (int i = 0; i < events; i++) {
        here.publish(room(0), "x".repeat(20_000)).join();
      }
      RecordingSink sink = new RecordingSink().stall();
      here.commands.execute(here.open(sink), Instance.join(room(0), afterFirst(0)));
      readEvents.set(0);
      while (sink.got(Delivery.EventDelivery.class).size() < events - 1) {
        if (!sink.end(true)) {
          Thread.onSpinWait();
        }
      }
      assertTrue(readEvents.get() < 5 * events / 2, () -> readEvents + " were read");
    }
  }

  @Test
  void pagesOfHistoryAreReadSoManyAtATime() throws InterruptedException {
    try (Instance here = new Instance(log())) {
      fill(here);
      gate.drainPermits();
      pages.set(0);
      CountDownLatch read = new CountDownLatch(ROOMS);
      CountDownLatch asked = new CountDownLatch(ROOMS);
      for (int i = 0; i < ROOMS; i++) {
        HistoryQuery query = new HistoryQuery(room(i), null, null, 0, 10);
        here.threads.execute(
            () -> {
              asked.countDown();
              here.rooms.history(Instance.user("alice"), query);
              read.countDown();
            });
      }
      asked.await();
      while (pages.get() < HISTORIES) {
        Thread.onSpinWait();
      }
      assertEquals(HISTORIES, pages.get());

      gate.release(1000);
      assertTrue(read.await(30, TimeUnit.SECONDS));
    }
  }

  @Test
  void roomsThatNobodyReadsHereAreLoadedByOneRead() {
    try (Instance here = new Instance(log())) {
      fill(here);
      heads.set(0);
      Connection stream = here.open(new RecordingSink());
      List<Command.Join> joins = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        joins.add(Instance.join(room(i), afterFirst(i)));
      }
      here.rooms.stream(stream, joins);
      assertEquals(1, heads.get());
    }
  }

  @Test
  void whoAsksForNothingThatIsNotInMemoryTakesNoTurn() {
    try (Instance here = new Instance(log())) {
      fill(here);
      here.commands.execute(here.open(new RecordingSink()), Instance.join(room(0), null));
      closed = Map.class;
      gate.drainPermits();
      heads.set(0);
      for (int i = 0; i < JOINING; i++) {
        Command.Join cold = Instance.join(new RoomName("cold:" + i), null);
        here.threads.execute(() -> here.commands.execute(here.open(new RecordingSink()), cold));
      }
      while (heads.get() < JOINING) {
        Thread.onSpinWait();
      }
      RecordingSink sink = new RecordingSink();

      here.commands.execute(here.open(sink), Instance.join(room(0), null));

      sink.await(got -> !got.isEmpty());
      assertEquals(1, sink.got(Reply.JoinedRoom.class).size());
    }
  }
}
