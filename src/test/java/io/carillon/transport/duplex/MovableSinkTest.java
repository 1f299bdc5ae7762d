package io.carillon.transport.duplex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.CloseCode;
import io.carillon.core.connection.Carrier;
import io.carillon.core.connection.Farewell;
import io.carillon.core.connection.Frame;
import io.carillon.core.connection.FrameSink;
import io.carillon.protocol.Message;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class MovableSinkTest {
  private final List<String> told = new ArrayList<>();
  private final List<Boolean> ends = new ArrayList<>();
  private final Waiting first = new Waiting();
  private final MovableSink sink = new MovableSink(first, Carrier.UNKNOWN);
  private final FrameSink second = new Telling("second");

  private void write(String word) {
    sink.write(List.of(new Message.Text(word)), ends::add);
  }

  @Test
  void whatWaitsMovesAndEndsOnce() {
    write("a");
    assertTrue(sink.move(second));
    assertEquals(List.of("second a"), told);
    write("b");
    assertEquals(List.of("second a", "second b"), told);
    assertEquals(List.of(true, true), ends);
    assertFalse(sink.move(first));
  }

  @Test
  void whatWasToldStaysTold() {
    write("a");
    first.tell();
    sink.move(second);
    write("b");
    assertEquals(List.of("first a", "second b"), told);
  }

  @Test
  void aMoveDuringAWriteTakesItAlong() {
    first.duringWrite = () -> sink.move(second);
    write("a");
    assertEquals(List.of("second a"), told);
    assertEquals(List.of(true), ends);
  }

  @Test
  void itIsTheSecondThatIsClosed() {
    sink.move(second);
    Farewell farewell = Farewell.of(CloseCode.NORMAL, "bye", null);
    sink.close(CloseCode.NORMAL, farewell, () -> told.add("out"));
    assertEquals(List.of("second closed", "out"), told);
  }

  /** Tells at once. */
  private final class Telling implements FrameSink {
    private final String name;

    Telling(String name) {
      this.name = name;
    }

    @Override
    public void write(List<Frame> frames, Written done) {
      frames.forEach(frame -> told.add(name + ' ' + frame));
      done.ended(true);
    }

    @Override
    public void close(CloseCode code, Farewell farewell, Runnable closed) {
      told.add(name + " closed");
      closed.run();
    }
  }

  /** Tells when it is told to. */
  private final class Waiting implements MovableSink.Movable {
    private List<Frame> ready = List.of();
    private @Nullable Written done;
    private Runnable duringWrite = () -> {};

    @Override
    public void write(List<Frame> frames, Written end) {
      duringWrite.run();
      ready = frames;
      done = end;
    }

    void tell() {
      Written end = done;
      if (end != null) {
        done = null;
        new Telling("first").write(ready, end);
      }
    }

    @Override
    public boolean withdraw() {
      boolean waits = done != null;
      done = null;
      return waits;
    }

    @Override
    public void close(CloseCode code, Farewell farewell, Runnable closed) {
      told.add("first closed");
    }
  }
}
