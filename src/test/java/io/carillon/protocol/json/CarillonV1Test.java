package io.carillon.protocol.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.carillon.core.CloseCode;
import io.carillon.core.Content;
import io.carillon.core.Delivery;
import io.carillon.core.EventName;
import io.carillon.core.Reply;
import io.carillon.core.Signal;
import io.carillon.core.connection.Frame;
import io.carillon.kit.client.WireSchema;
import io.carillon.protocol.Codec;
import io.carillon.protocol.Decoded;
import io.carillon.protocol.Message;
import io.carillon.protocol.Peer;
import io.carillon.protocol.Protocol;
import io.carillon.protocol.Samples;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CarillonV1Test {
  private final CarillonV1 protocol = new CarillonV1();
  private final Codec codec = protocol.open(new Peer(Protocol.SOCKET, Map.of(), Map.of()));

  @Test
  void everyFrameFitsTheSchemaAndIsOneLine() {
    for (Frame frame : everything()) {
      WireSchema.checkServerMessage(text(frame));
      assertFalse(text(frame).contains("\n"), text(frame));
      assertEquals(text(frame).getBytes(StandardCharsets.UTF_8).length, frame.size());
    }
  }

  @Test
  void anEventKeepsItsFieldsOrderAndItsDataAsText() {
    assertEquals(
        "{\"type\":\"event\",\"room\":\"orders:42\",\"seq\":17,\"epoch\":\"k3f9\","
            + "\"id\":\"0193-\\\"id\\\"\",\"name\":\"order.shipped\","
            + "\"data\":{\"any\": \"JSON \\n \u2028 é 😀\", \"more\":[1,2]},"
            + "\"by\":\"alice\\n\\\"x\\\"\",\"at\":\"2026-11-21T22:00:00.123Z\"}",
        encoded(new Delivery.EventDelivery(Samples.EVENT)));
  }

  @Test
  void bytesAreTheirBase64AndSayIt() {
    assertEquals(
        "{\"type\":\"event\",\"room\":\"orders:42\",\"seq\":18,\"epoch\":\"k3f9\","
            + "\"id\":\"0193-id\",\"name\":\"doc.update\",\"data\":\"AAEC/w==\","
            + "\"encoding\":\"base64\",\"by\":\"alice\",\"at\":\"2026-11-21T22:00:00.123Z\","
            + "\"meta\":{\"m\":\"1\"}}",
        encoded(new Delivery.EventDelivery(Samples.BYTES)));
    Content none = Content.bytes(new byte[0]);
    assertEquals(
        "{\"type\":\"signal\",\"room\":\"orders:42\",\"name\":\"x\",\"data\":\"\","
            + "\"encoding\":\"base64\",\"by\":\"bob\"}",
        encoded(
            new Delivery.SignalDelivery(
                new Signal(Samples.ROOM, new EventName("x"), none, "bob", "", null))));
  }

  @Test
  void anAnswerCarriesTheRefAsItCame() {
    assertEquals("{\"type\":\"ok\",\"ref\":\"a\\u0062\"}", encoded(new Reply.Done("\"a\\u0062\"")));
    assertEquals("{\"type\":\"ok\",\"ref\":1e3}", encoded(new Reply.Done("1e3")));
    assertEquals("{\"type\":\"pong\"}", encoded(new Reply.PingAnswered(null)));
  }

  @Test
  void whatWaitsIsJoinedIntoOneArray() {
    List<Frame> frames = everything();
    List<Message> one = codec.join(frames.subList(0, 1));
    assertSame(frames.getFirst(), one.getFirst(), "no other object");
    List<Message> all = codec.join(frames);
    assertEquals(1, all.size());
    String joined = text(all.getFirst());
    WireSchema.checkServerMessage(joined);
    assertEquals(joined.getBytes(StandardCharsets.UTF_8).length, all.getFirst().size());
    assertEquals(
        "[" + String.join(",", frames.stream().map(CarillonV1Test::text).toList()) + "]", joined);
  }

  @Test
  void bytesAreRefusedAndNothingIsRemembered() {
    Message bytes = new Message.Bytes(new byte[] {1});
    assertEquals(
        List.of(new Decoded.Disconnect(CloseCode.PROTOCOL, "text messages only")),
        codec.decode(bytes));
    assertSame(codec, protocol.open(new Peer(Protocol.SOCKET, Map.of(), Map.of())));
  }

  private List<Frame> everything() {
    List<Frame> frames = new ArrayList<>();
    Samples.socketDeliveries().forEach(d -> frames.add(protocol.encoder().encode(d)));
    Samples.deliveries().forEach(d -> frames.add(protocol.encoder().encode(d)));
    Samples.replies().forEach(r -> frames.add(frame(r)));
    return frames;
  }

  private String encoded(Delivery delivery) {
    return text(protocol.encoder().encode(delivery));
  }

  private String encoded(Reply reply) {
    return text(frame(reply));
  }

  private Frame frame(Reply reply) {
    return Objects.requireNonNull(codec.encode(reply, null));
  }

  private static String text(Frame frame) {
    return ((Message.Text) frame).text();
  }
}
