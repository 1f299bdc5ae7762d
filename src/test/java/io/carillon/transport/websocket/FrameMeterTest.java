package io.carillon.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameMeterTest {
  private static final int TEXT = 1;
  private static final int MORE = 0;
  private static final int PING = 9;

  private int pings;
  private final FrameMeter meter = new FrameMeter(1000, 10, () -> pings++);

  @Test
  void countsTheFramesOfAMessageTogether() {
    frame(TEXT, false, 600);
    assertFalse(meter.over());
    assertTrue(meter.wantsMore());
    frame(MORE, true, 400);
    assertFalse(meter.over());
    assertFalse(meter.wantsMore());
    frame(TEXT, false, 600);
    announce(MORE, false, 401);
    assertTrue(meter.over(), "known before it is there");
  }

  @Test
  void beginsAnewWithEachMessage() {
    for (int i = 0; i < 50; i++) {
      frame(TEXT, true, 1000);
    }
    assertFalse(meter.over());
  }

  @Test
  void countsEmptyFramesToo() {
    frame(TEXT, false, 0);
    for (int i = 1; i < 10; i++) {
      frame(MORE, false, 0);
    }
    assertFalse(meter.over());
    frame(MORE, false, 0);
    assertTrue(meter.over());
  }

  @Test
  void pingsBetweenAreNoPartOfAMessage() {
    frame(TEXT, false, 990);
    for (int i = 0; i < 20; i++) {
      frame(PING, true, 100);
      assertFalse(meter.wantsMore(), "a ping wants its answer");
    }
    assertEquals(20, pings, "each is told of");
    frame(MORE, true, 10);
    assertFalse(meter.over());
  }

  @ParameterizedTest
  @ValueSource(longs = {1001, 70_000, 1L << 62, -1})
  void whatIsAnnouncedTooLargeIsTooLarge(long length) {
    ByteBuffer head = ByteBuffer.allocate(14).put((byte) 0x81).put((byte) 0xff).putLong(length);
    meter.read(head.putInt(0).flip());
    assertTrue(meter.over());
  }

  @Test
  void whatContinuesNothingIsOutOfPlace() {
    frame(TEXT, true, 3);
    assertEquals(FrameMeter.NOWHERE, meter.outOfPlace());
    frame(PING, true, 3);
    assertEquals(FrameMeter.NOWHERE, meter.outOfPlace());
    ByteBuffer both = ByteBuffer.wrap(new byte[] {(byte) 0x81, 1, 'x', 0, 1, 'y', (byte) 0x81, 0});
    meter.read(both);
    assertEquals(3, meter.outOfPlace());
  }

  @Test
  void whatBeginsWithinAMessageIsOutOfPlace() {
    meter.read(ByteBuffer.wrap(new byte[] {1, 1, 'x', (byte) 0x89, 0, (byte) 0x80, 0}));
    assertEquals(FrameMeter.NOWHERE, meter.outOfPlace());
    meter.read(ByteBuffer.wrap(new byte[] {1, 1, 'x', (byte) 0x89, 0, (byte) 0x82, 0}));
    assertEquals(5, meter.outOfPlace());
  }

  @Test
  void whatIsOutOfPlaceAndBeganInAnEarlierBufferIsTooMuch() {
    meter.read(ByteBuffer.wrap(new byte[] {(byte) 0x80}));
    meter.read(ByteBuffer.wrap(new byte[] {0}));
    assertEquals(FrameMeter.NOWHERE, meter.outOfPlace());
    assertTrue(meter.over());
  }

  @Test
  void itDoesNotMatterWhereTheReadsAreCut() {
    ByteBuffer all = ByteBuffer.allocate(2000);
    put(all, TEXT, false, 300);
    put(all, PING, true, 5);
    put(all, MORE, false, 100);
    put(all, MORE, true, 600);
    all.flip();
    for (int size = 1; size < 20; size++) {
      FrameMeter cut = new FrameMeter(1000, 3, () -> {});
      for (int from = 0; from < all.limit(); from += size) {
        cut.read(all.slice(from, Math.min(size, all.limit() - from)));
      }
      assertFalse(cut.over());
      assertFalse(cut.wantsMore());
      cut.read(all);
      assertFalse(cut.over());
    }
  }

  private void frame(int opcode, boolean last, int length) {
    ByteBuffer frame = ByteBuffer.allocate(length + 14);
    put(frame, opcode, last, length);
    meter.read(frame.flip());
  }

  private void announce(int opcode, boolean last, int length) {
    ByteBuffer frame = ByteBuffer.allocate(length + 14);
    put(frame, opcode, last, length);
    meter.read(frame.flip().limit(8));
  }

  private static void put(ByteBuffer to, int opcode, boolean last, int length) {
    to.put((byte) (opcode | (last ? 0x80 : 0)));
    if (length < 126) {
      to.put((byte) (0x80 | length));
    } else {
      to.put((byte) (0x80 | 126)).putShort((short) length);
    }
    to.putInt(0x01020304).put(new byte[length]);
  }
}
