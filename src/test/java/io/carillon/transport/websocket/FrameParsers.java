package io.carillon.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;

/** Targets for inputs that nobody would write by hand: frames, wherever the network cuts them. */
public final class FrameParsers {
  private FrameParsers() {}

  private static final class Metered {
    private int pings;
    private final FrameMeter meter = new FrameMeter(4096, 16, () -> pings++);

    private boolean refused() {
      return meter.over() || meter.outOfPlace() != FrameMeter.NOWHERE;
    }
  }

  /** Bytes of a socket after its handshake. */
  public static void frames(byte[] input) {
    Metered whole = new Metered();
    whole.meter.read(ByteBuffer.wrap(input));
    for (int size : new int[] {1, 2, 7, 64}) {
      Metered parts = new Metered();
      for (int from = 0; from < input.length; from += size) {
        parts.meter.read(ByteBuffer.wrap(input).slice(from, Math.min(size, input.length - from)));
      }
      assertEquals(whole.refused(), parts.refused(), "in parts of " + size);
      assertEquals(whole.pings, parts.pings, "in parts of " + size);
      assertEquals(whole.meter.wantsMore(), parts.meter.wantsMore(), "in parts of " + size);
    }
  }
}
