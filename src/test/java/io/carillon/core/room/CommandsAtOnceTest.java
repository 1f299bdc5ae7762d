package io.carillon.core.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.CloseCode;
import io.carillon.core.Command;
import io.carillon.core.EventName;
import io.carillon.core.Reply;
import io.carillon.core.connection.Connection;
import io.carillon.core.connection.PublishBudget;
import io.carillon.kit.RecordingSink;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is carried out on the thread that read it, and what is not. */
class CommandsAtOnceTest extends RoomsFixture {
  private static Command.Publish publish(String data) {
    return new Command.Publish("7", ROOM, new EventName("said"), data, null, null);
  }

  @Test
  void aPublishIsTakenAndAnswered() {
    RecordingSink sink = new RecordingSink();
    assertTrue(here.commands.tryExecute(here.open(sink), publish("1")));
    sink.await(g -> !g.isEmpty());
    assertEquals(1, sink.got(Reply.Published.class).getFirst().seq());
    assertEquals(1, log.head(ROOM).seq());
  }

  @Test
  void aRefusalIsAnAnswerToo() {
    here.mayRead = false;
    RecordingSink sink = new RecordingSink();
    assertTrue(here.commands.tryExecute(here.open(sink), publish("1")));
    sink.await(g -> !g.isEmpty());
    assertEquals(1, sink.got(Reply.Refused.class).size());
  }

  @Test
  void whatMayHaveToWaitIsLeftAlone() {
    RecordingSink sink = new RecordingSink();
    Connection connection = here.open(sink);
    assertFalse(here.commands.tryExecute(connection, Instance.join(ROOM, null)));
    assertFalse(here.commands.tryExecute(connection, new Command.Leave("1", ROOM)));
    here.commands.publishes(connection).begin(PublishBudget.MOST);
    assertFalse(here.commands.tryExecute(connection, publish("1")), "too much is in flight");
    here.commands.publishes(connection).end(PublishBudget.MOST);
    assertTrue(here.commands.tryExecute(connection, publish("1")));
    try (Instance asking = new Instance(log.at(), 256 * 1024, Duration.ofSeconds(30), true)) {
      Connection there = asking.open(new RecordingSink());
      assertFalse(asking.commands.tryExecute(there, publish("1")), "its authorizer may wait");
    }
  }

  @Test
  void whoIsClosingPublishesNothingAndHoldsNothing() {
    Connection connection = here.open(new RecordingSink());
    connection.close(CloseCode.NORMAL, "bye");
    for (int i = 0; i < 3; i++) {
      boolean done = here.commands.tryExecute(connection, publish("1"));
      assertTrue(done, "what was counted was given back");
    }
    assertTrue(here.commands.publishes(connection).tryBegin(PublishBudget.MOST));
    assertEquals(0, log.head(ROOM).seq());
  }
}
