package io.carillon.core.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.EventName;
import io.carillon.core.RoomName;
import io.carillon.core.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Calls between instances in memory; signals go when they are told to. */
final class InstanceCallsTest {
  private final List<Runnable> times = new ArrayList<>();
  private final List<Runnable> signals = new ArrayList<>();
  private final List<InstanceCalls> all = new ArrayList<>();
  private int live = 2;
  private int ids;

  private InstanceCalls instance(String name) {
    InstanceCalls[] own = new InstanceCalls[1];
    own[0] =
        new InstanceCalls(
            new InstanceCalls.CallParts(
                "id-" + name,
                name,
                () -> live,
                signal ->
                    signals.add(
                        () ->
                            all.stream()
                                .filter(each -> !each.equals(own[0]))
                                .forEach(each -> assertTrue(each.heard(signal)))),
                () -> "call-" + ids++,
                Runnable::run,
                (task, after) -> {
                  assertEquals(Duration.ofSeconds(2), after);
                  times.add(task);
                }));
    all.add(own[0]);
    return own[0];
  }

  private void deliver() {
    while (!signals.isEmpty()) {
      signals.removeFirst().run();
    }
  }

  @Test
  void allAnswerInPages() {
    InstanceCalls a = instance("a");
    InstanceCalls b = instance("b");
    a.answer("count", asked -> List.of("[1]"));
    b.answer("count", asked -> List.of("{\"n\":" + asked.integer("n", 0) + "}", "\"two\""));
    CompletableFuture<ClusterAnswer> answer = a.ask("count", "{\"n\":7}");
    assertFalse(answer.isDone());
    deliver();
    assertEquals(
        new ClusterAnswer(
            List.of(
                new ClusterAnswer.Part("id-a", "a", List.of("[1]")),
                new ClusterAnswer.Part("id-b", "b", List.of("{\"n\":7}", "\"two\""))),
            0),
        answer.join());
  }

  @Test
  void whoIsSilentIsCounted() {
    live = 3;
    InstanceCalls a = instance("a");
    InstanceCalls b = instance("b");
    a.answer("x", asked -> List.of("1"));
    b.answer("x", asked -> List.of("2"));
    CompletableFuture<ClusterAnswer> answer = a.ask("x", "{}");
    deliver();
    assertFalse(answer.isDone());
    times.getFirst().run();
    assertEquals(1, answer.join().silent());
    assertEquals(2, answer.join().parts().size());
  }

  @Test
  void anAnswerWithoutAllOfItsPagesDoesNotCount() {
    InstanceCalls a = instance("a");
    InstanceCalls b = instance("b");
    a.answer("x", asked -> List.of("1"));
    b.answer("x", asked -> List.of("2", "3"));
    CompletableFuture<ClusterAnswer> answer = a.ask("x", "{}");
    signals.removeFirst().run();
    signals.removeFirst(); // one of the two pages is lost
    deliver();
    assertFalse(answer.isDone());
    times.getFirst().run();
    assertEquals(1, answer.join().silent());
    assertEquals(1, answer.join().parts().size());
  }

  @Test
  void anInstanceThatDoesNotKnowTheQuestionIsSilent() {
    InstanceCalls a = instance("a");
    instance("b");
    a.answer("new", asked -> List.of("1"));
    CompletableFuture<ClusterAnswer> answer = a.ask("new", "{}");
    deliver();
    times.getFirst().run();
    assertEquals(1, answer.join().silent());
  }

  @Test
  void whatIsNoCallIsLeftToOthersAndNonsenseHarmsNobody() {
    InstanceCalls a = instance("a");
    EventName name = new EventName("ask");
    assertFalse(a.heard(new Signal(new RoomName("x"), name, "{}", "u", "", null)));
    assertTrue(a.heard(new Signal(InstanceCalls.ROOM, name, "[]", "u", "", null)));
    assertTrue(a.heard(new Signal(InstanceCalls.ROOM, name, "{}", "u", "", null)));
    EventName other = new EventName("answer");
    assertTrue(a.heard(new Signal(InstanceCalls.ROOM, other, "{\"to\":\"id-a\"}", "u", "", null)));
    assertTrue(signals.isEmpty());
  }
}
