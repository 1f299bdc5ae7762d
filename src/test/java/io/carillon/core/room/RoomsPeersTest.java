package io.carillon.core.room;

import static io.carillon.core.room.Instance.join;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.CloseCode;
import io.carillon.core.Command;
import io.carillon.core.Content;
import io.carillon.core.Delivery;
import io.carillon.core.ErrorCode;
import io.carillon.core.EventName;
import io.carillon.core.RefusedException;
import io.carillon.core.Reply;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Connection;
import io.carillon.core.connection.Frame;
import io.carillon.core.connection.FrameEncoder;
import io.carillon.core.connection.Liveness;
import io.carillon.core.spi.AppendResult;
import io.carillon.kit.PlainFrames;
import io.carillon.kit.RecordingSink;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What one peer does, and that it costs the others nothing. */
class RoomsPeersTest extends RoomsFixture {
  private static final EventName NAME = new EventName("typing");

  private Instance small() {
    return new Instance(log.at(), 1000, Duration.ofSeconds(30));
  }

  @Test
  void aReaderThatStopsCostsNobodyAndGoesOnWithoutAHole() {
    try (Instance small = small()) {
      RecordingSink stuck = new RecordingSink().stall();
      Connection slow = small.open(stuck);
      small.commands.execute(slow, join(ROOM, null));
      RecordingSink well = new RecordingSink();
      small.commands.execute(small.open(well), join(ROOM, null));
      small.publish(ROOM, 1000);
      awaitSeqs(well, 1, 1000);
      assertTrue(slow.waiting() <= 2000, "holds " + slow.waiting());
      stuck.flow();
      awaitSeqs(stuck, 1, 1000);
      small.publish(ROOM, 1);
      awaitSeqs(stuck, 1, 1001);
    }
  }

  @Test
  void aClosingConnectionThatDoesNotReadKeepsNobodyBusy() {
    try (Instance small = small()) {
      RecordingSink stuck = new RecordingSink().stall();
      Connection slow = small.open(stuck);
      small.commands.execute(slow, join(ROOM, null));
      RecordingSink well = new RecordingSink();
      small.commands.execute(small.open(well), join(ROOM, null));
      small.publish(ROOM, 3);
      awaitSeqs(well, 1, 3);
      slow.close(CloseCode.NORMAL, "bye");
      int reads = log.reads();
      small.publish(ROOM, 900);
      awaitSeqs(well, 1, 903);
      assertTrue(log.reads() - reads < 300, "reads " + (log.reads() - reads));
      slow.gone();
      assertEquals(1, small.rooms.statistics().reading());
    }
  }

  @Test
  void publishesOfAConnectionKeepTheirOrder() {
    RecordingSink sink = new RecordingSink();
    Connection connection = here.open(sink);
    for (int i = 1; i <= 200; i++) {
      String number = String.valueOf(i);
      here.commands.execute(
          connection, new Command.Publish(number, ROOM, NAME, number, null, null));
    }
    List<Object> got = sink.await(g -> g.size() == 200);
    for (int i = 0; i < 200; i++) {
      Reply.Published done = (Reply.Published) got.get(i);
      assertEquals(String.valueOf(done.seq()), done.ref());
      assertEquals(i + 1, done.seq());
    }
  }

  @Test
  void aKeyIsPublishedOnce() {
    here.publish(ROOM, "1", "k").join();
    AppendResult.Appended again = (AppendResult.Appended) here.publish(ROOM, "2", "k").join();
    assertTrue(again.duplicate());
    assertEquals(1, again.seq());
  }

  @Test
  void whatIsTooLargeOrNotAllowedIsRefused() {
    RecordingSink sink = new RecordingSink();
    Connection connection = here.open(sink);
    String large = "\"" + "x".repeat(64 * 1024) + "\"";
    RoomName own = new RoomName("carillon:instances");
    here.commands.execute(connection, new Command.Publish("1", ROOM, NAME, large, null, null));
    here.commands.execute(connection, new Command.Publish("2", own, NAME, "0", null, null));
    here.commands.execute(connection, new Command.SendSignal("3", own, NAME, "0", null));
    here.commands.execute(connection, new Command.Track("4", ROOM, "{}"));
    here.commands.execute(connection, new Command.Untrack("5", ROOM));
    assertEquals(
        List.of(
            ErrorCode.TOO_LARGE,
            ErrorCode.FORBIDDEN,
            ErrorCode.FORBIDDEN,
            ErrorCode.NOT_JOINED,
            ErrorCode.NOT_JOINED),
        sink.await(g -> g.size() == 5).stream()
            .map(r -> ((Reply.Refused) r).rejection().code())
            .toList());
    assertEquals(0, log.head(ROOM).seq());
  }

  @Test
  void noCommandIsWorkedOnWhileTheAnswersAreNotRead() {
    try (Instance small = small()) {
      RecordingSink sink = new RecordingSink().stall();
      Connection connection = small.open(sink);
      Command.Ping ping = new Command.Ping("1");
      small.threads.execute(
          () -> {
            for (int i = 0; i < 100; i++) {
              small.commands.execute(connection, ping);
            }
          });
      sink.await(g -> !g.isEmpty());
      assertFalse(connection.closing());
      sink.flow();
      sink.await(g -> g.size() == 100);
      assertFalse(connection.closing());
    }
  }

  @Test
  void signalsGoToTheOthersAndToTheInstancesAround() {
    RecordingSink mine = new RecordingSink();
    RecordingSink theirs = new RecordingSink();
    Connection me = here.open("alice", mine);
    here.commands.execute(me, join(ROOM, null));
    here.commands.execute(here.open("carol", theirs), join(ROOM, null));
    here.commands.execute(me, new Command.SendSignal("1", ROOM, NAME, "{}", null));
    here.commands.execute(me, new Command.SendSignal(null, ROOM, NAME, "1", "alice"));
    here.commands.execute(me, new Command.SendSignal("2", ROOM, NAME, "2", "carol"));
    theirs.await(g -> g.size() == 3);
    List<Delivery.SignalDelivery> got = theirs.got(Delivery.SignalDelivery.class);
    assertEquals(List.of("{}", "2"), got.stream().map(s -> s.signal().content().text()).toList());
    assertEquals(me.id(), got.getFirst().signal().from());
    mine.await(g -> g.stream().filter(Reply.Done.class::isInstance).count() == 2);
    assertEquals(List.of(), mine.got(Delivery.SignalDelivery.class));
    assertEquals(3, here.neighbours.signals.size());
    String large = "x".repeat(65 * 1024);
    assertThrows(
        RefusedException.class,
        () -> here.rooms.signal(me.identity(), ROOM, NAME, Content.json(large), "", null));
  }

  @Test
  void anEventThatOneCodecCannotEncodeDoesNotTouchTheOthers() {
    Connection bad = here.open(new RecordingSink());
    here.commands.execute(bad, join(ROOM, null));
    RecordingSink well = new RecordingSink();
    Connection good =
        here.connections.open(
            Instance.user("carol"), new Tolerant(), well, here.threads, Liveness.NONE);
    here.commands.execute(good, join(ROOM, null));
    EventName poison = new EventName("poison");
    here.rooms
        .publish(Instance.user("bob"), ROOM, poison, Content.json("0"), null, null, null)
        .join();
    here.publish(ROOM, 1);
    awaitSeqs(well, 1, 2);
    assertTrue(bad.closing());
    assertFalse(good.closing());
  }

  /** Encodes whatever comes. */
  private static final class Tolerant implements FrameEncoder {
    @Override
    public String protocol() {
      return "test";
    }

    @Override
    public Frame encode(Delivery delivery) {
      return new PlainFrames.PlainFrame(delivery, 100);
    }
  }
}
