package io.carillon.core.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.HandExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SerialQueueTest {
  private final SerialQueue queue = new SerialQueue();
  private final HandExecutor executor = new HandExecutor();
  private final List<Integer> done = new ArrayList<>();

  private boolean offer(int number) {
    return queue.offer(() -> done.add(number), () -> done.add(-1), executor);
  }

  @Test
  void tasksRunInOrderOneTurnAtATime() {
    offer(1);
    offer(2);
    assertEquals(1, executor.waiting(), "one task of the executor for all that wait");
    assertFalse(queue.idle());
    queue.offer(() -> offer(4), () -> {}, executor);
    offer(3);
    executor.runOne();
    assertEquals(List.of(1, 2, 3), done, "what comes meanwhile waits for the room's next turn");
    assertFalse(queue.idle());
    executor.runAll();
    assertEquals(List.of(1, 2, 3, 4), done);
    assertTrue(queue.idle());
  }

  @Test
  void aRoomWithMuchToTellLetsAnotherOneHaveItsTurn() {
    for (int i = 0; i < SerialQueue.MAX; i++) {
      offer(i);
    }
    List<Integer> other = new ArrayList<>();
    new SerialQueue().offer(() -> other.add(1), () -> {}, executor);
    executor.runOne();
    assertEquals(SerialQueue.TURN, done.size());
    executor.runOne();
    assertEquals(List.of(1), other);
    executor.runAll();
    assertEquals(IntStream.range(0, SerialQueue.MAX).boxed().toList(), done);
  }

  @Test
  void whatWasAddedIsDoneHoweverMuchWaits() {
    for (int i = 0; i <= SerialQueue.MAX; i++) {
      offer(i);
    }
    assertTrue(queue.add(List.of(() -> done.add(1000), () -> done.add(1001)), executor));
    executor.runAll();
    List<Integer> expected = new ArrayList<>(IntStream.range(0, SerialQueue.MAX).boxed().toList());
    expected.addAll(List.of(1000, 1001, -1));
    assertEquals(expected, done);
    assertTrue(queue.idle());
  }

  @Test
  void tooManyBecomeOneOverflowAtTheEnd() {
    for (int i = 0; i < SerialQueue.MAX; i++) {
      assertTrue(offer(i));
    }
    assertFalse(offer(1000));
    assertFalse(offer(1001));
    executor.runOne();
    assertFalse(offer(1002), "what comes after what was left out is left out too");
    executor.runAll();
    List<Integer> expected = new ArrayList<>(IntStream.range(0, SerialQueue.MAX).boxed().toList());
    expected.add(-1);
    assertEquals(expected, done);
    assertTrue(offer(7));
    executor.runAll();
    assertEquals(7, done.getLast());
    assertTrue(queue.idle());
  }

  @Test
  void aTaskThatThrowsStopsNoOther() {
    queue.offer(
        () -> {
          throw new IllegalStateException("a defect");
        },
        () -> {},
        executor);
    offer(1);
    assertThrows(IllegalStateException.class, executor::runOne);
    executor.runAll();
    assertEquals(List.of(1), done);
    assertTrue(queue.idle());
  }

  @Test
  void anExecutorThatStopsLeavesNothingBehind() {
    queue.offer(
        () -> done.add(1),
        () -> {},
        task -> {
          throw new RejectedExecutionException();
        });
    assertTrue(queue.idle());
    assertFalse(
        queue.add(
            List.of(() -> done.add(1)),
            task -> {
              throw new RejectedExecutionException();
            }));
    assertTrue(queue.idle());
    offer(2);
    executor.runAll();
    assertEquals(List.of(2), done);
  }
}
