package io.carillon.protocol.socketio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.RefusedException;
import io.carillon.protocol.Message;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Packets of the MessagePack parser; the bytes are those of its encoder. */
final class PackedPacketsTest {
  private static final String TYPE = "a474797065";
  private static final String NSP = "a36e7370a12f";
  private static final String DATA = "a464617461";
  private static final String EVENT = "83" + TYPE + "02" + NSP + DATA;

  private final PackedPackets packets = new PackedPackets(new JsonMapping(), 2);

  private PackedPackets.Unpacked read(String hex) {
    return packets.read(HexFormat.of().parseHex(hex));
  }

  private String write(String text, byte[]... attachments) {
    List<Message> messages = new ArrayList<>();
    messages.add(new Message.Text(text));
    for (byte[] each : attachments) {
      messages.add(new Message.Bytes(each));
    }
    List<Message> out = packets.write(messages);
    assertEquals(1, out.size());
    return HexFormat.of().formatHex(((Message.Bytes) out.getFirst()).bytes());
  }

  @Test
  void whatAnEncoderWritesIsRead() {
    assertEquals("[\"a\",null]", read(EVENT + "92a161c0").packet().payload());
    // undefined, a date, a float, NaN, a large number, a negative one
    assertEquals(
        "[null,\"1970-01-01T00:00:00Z\",1.5,null,1099511627776,-5]",
        read(EVENT
                + "96d40000d7000000000000000000cb3ff8000000000000cb7ff8000000000000"
                + "cf0000010000000000fb")
            .packet()
            .payload());
    // A Buffer, and what a browser has as bytes, of one byte and of eight.
    PackedPackets.Unpacked bytes = read(EVENT + "92c4020102" + "c7010009");
    assertEquals(SocketIoPacket.Type.BINARY_EVENT, bytes.packet().type());
    assertEquals(
        "[{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]",
        bytes.packet().payload());
    assertArrayEquals(new byte[] {1, 2}, bytes.attachments().getFirst());
    assertArrayEquals(new byte[] {9}, bytes.attachments().getLast());
    assertEquals(8, read(EVENT + "91c708000102030405060708").attachments().getFirst().length);
    SocketIoPacket connect = read("83" + TYPE + "00" + NSP + DATA + "d40000").packet();
    assertEquals(SocketIoPacket.Type.CONNECT, connect.type());
    assertEquals(null, connect.payload());
    SocketIoPacket asked = read("84" + TYPE + "02" + NSP + "a269640c" + DATA + "91a178").packet();
    assertEquals("12", asked.id());
    assertEquals(
        "{\"a\":true}",
        read("84" + TYPE + "00" + NSP + "a76f7074696f6e7381a161c3" + DATA + "81a161c3")
            .packet()
            .payload());
  }

  @Test
  void whatIsNoPacketIsRefused() {
    for (String bad :
        List.of(
            "",
            "c0",
            "01",
            EVENT + "92a161",
            EVENT + "80",
            EVENT + "91c0c0",
            EVENT + "93c40101c40101c40101",
            EVENT + "91d40500",
            EVENT + "91d5000000",
            "83" + TYPE + "05" + NSP + DATA + "91a161",
            "83" + TYPE + "07" + NSP + DATA + "91a161",
            "82" + NSP + DATA + "91a161",
            "83" + TYPE + "02" + "a36e7370a161" + DATA + "91a161",
            "83" + TYPE + "01" + NSP + DATA + "91a161",
            "84" + TYPE + "02" + NSP + "a26964ff" + DATA + "91a178",
            "84" + TYPE + "02" + NSP + "a26964a131" + DATA + "91a178",
            EVENT + "91".repeat(100) + "c0")) {
      assertThrows(RefusedException.class, () -> read(bad), bad);
    }
  }

  /** A header claims 16 MiB of a message of some bytes: bytes, an extension, a string, a name. */
  @Test
  void nothingIsAllocatedForWhatAHeaderClaims() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (String claims :
        List.of(
            EVENT + "91c60100000001",
            EVENT + "91c9010000000001",
            EVENT + "91db0100000061",
            EVENT + "9181db0100000061",
            "83db0100000061")) {
      assertThrows(RefusedException.class, () -> read(claims), claims);
      long before = threads.getCurrentThreadAllocatedBytes();
      assertThrows(RefusedException.class, () -> read(claims), claims);
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertTrue(allocated < 1024 * 1024, () -> claims + " allocates " + allocated);
    }
  }

  @Test
  void whatIsSaidIsPacked() {
    assertEquals("82" + TYPE + "01" + "a36e7370a22f61", write("41/a,"));
    assertEquals("83" + TYPE + "00" + NSP + DATA + "81a3736964a178", write("40{\"sid\":\"x\"}"));
    assertEquals(
        "84" + TYPE + "03" + NSP + "a2696407" + DATA + "93cb3ff8000000000000cd0400c2",
        write("437[1.5,1024,false]"));
    assertEquals(
        EVENT + "93a161c4020102" + "81a162c40103",
        write(
            "452-[\"a\",{\"_placeholder\":true,\"num\":0},{\"b\":{\"_placeholder\":true,\"num\":1}}]",
            new byte[] {1, 2},
            new byte[] {3}));
    List<Message> others = List.of(new Message.Text("2"), new Message.Text("0{}"));
    assertEquals(others, packets.write(others));
  }
}
