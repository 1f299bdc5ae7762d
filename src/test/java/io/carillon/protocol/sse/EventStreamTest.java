package io.carillon.protocol.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Delivery;
import io.carillon.core.RoomName;
import io.carillon.kit.client.StreamEvent;
import io.carillon.kit.client.StreamParser;
import io.carillon.kit.client.Texts;
import io.carillon.kit.client.WireSchema;
import io.carillon.protocol.CursorList;
import io.carillon.protocol.Samples;
import io.carillon.protocol.StreamFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventStreamTest {
  private final EventStream format = new EventStream();
  private final CursorList position = new CursorList(List.of(Samples.ROOM, new RoomName("b")));

  @Test
  void everyDeliveryBecomesOneEventThatFitsTheSchema() throws IOException {
    List<Delivery> all = new ArrayList<>(Samples.deliveries());
    all.add(Samples.streamJoined());
    for (Delivery delivery : all) {
      List<StreamEvent> events = parse(write(delivery));
      assertEquals(1, events.size(), delivery.toString());
      WireSchema.checkStreamEvent(events.getFirst());
    }
  }

  @Test
  void anEventIsItsNameOneLineOfJsonAndLastItsPosition() throws IOException {
    assertEquals(
        "event: order.shipped\n"
            + "data: {\"room\":\"orders:42\",\"seq\":17,"
            + "\"epoch\":\"k3f9\",\"id\":\"0193-\\\"id\\\"\",\"name\":\"order.shipped\",\"data\":{\"any\":"
            + " \"JSON \\n"
            + " \u2028 é 😀\", \"more\":[1,2]},\"by\":\"alice\\n"
            + "\\\"x\\\"\",\"at\":\"2026-11-21T22:00:00.123Z\"}\n"
            + "id: k3f9.17,0.0\n\n",
        write(new Delivery.EventDelivery(Samples.EVENT)));
  }

  @Test
  void anEventOfBytesSaysThatItsDataIsTheirBase64() throws IOException {
    assertEquals(
        "event: doc.update\n"
            + "data:"
            + " {\"room\":\"orders:42\",\"seq\":18,\"epoch\":\"k3f9\",\"id\":\"0193-id\",\"name\":\"doc.update\",\"data\":\"AAEC/w==\",\"encoding\":\"base64\",\"by\":\"alice\",\"at\":\"2026-11-21T22:00:00.123Z\",\"meta\":{\"m\":\"1\"}}\n"
            + "id: k3f9.18,0.0\n\n",
        write(new Delivery.EventDelivery(Samples.BYTES)));
  }

  /** A reader that takes each {@code id} line at once, as some do, and is cut anywhere. */
  @Test
  void aReaderThatIsCutInTheMiddleHasNotMovedPastTheEvent() throws IOException {
    List<Delivery> all = new ArrayList<>(Samples.deliveries());
    all.add(Samples.streamJoined());
    for (Delivery delivery : all) {
      String text = write(delivery);
      int id = text.indexOf("\nid: ");
      int data = text.indexOf("\ndata: ");
      boolean moves = !frame(delivery).positions().isEmpty();
      assertEquals(moves, id >= 0, text);
      if (moves) {
        assertTrue(data >= 0 && data < id, text);
        String last = text.substring(id + 1);
        assertEquals("id: " + position + "\n\n", last);
        assertFalse(text.startsWith("id: "), text);
      }
    }
  }

  @Test
  void joinedAndResyncMoveThePosition() throws IOException {
    StreamEvent joined = parse(write(Samples.streamJoined())).getFirst();
    assertEquals("carillon:joined", joined.name());
    assertEquals("k3f9.3,0.0", joined.id());
    assertEquals(
        "k3f9.17",
        joined.json().getJsonObject("rooms").getJsonObject("orders:42").getString("head"));
    StreamEvent resync = parse(write(new Delivery.ResyncDelivery(Samples.RESYNC))).getFirst();
    assertEquals("k3f9.40,0.0", resync.id());
    StreamEvent other = parse(write(new Delivery.Expiring(Duration.ofSeconds(1)))).getFirst();
    assertEquals("", other.id(), "no id line: the client keeps the one it has");
  }

  @Test
  void aFarewellSaysWhenToComeBack() throws IOException {
    List<StreamEvent> events = new ArrayList<>();
    StreamParser parser = new StreamParser(events::add, c -> {});
    String text = write(new Delivery.Goodbye("drain", Duration.ofMillis(1500)));
    text.lines().forEach(parser::line);
    assertEquals(1500, parser.retry());
    assertTrue(write(new Delivery.Goodbye("renew", Duration.ZERO)).startsWith("retry: 250\n"));
    assertEquals(
        "retry: 1234\n",
        new String(format.retry(Duration.ofMillis(1234)), StandardCharsets.US_ASCII));
  }

  /** What an EventSource takes for its own; the data tells them apart, so nothing is renamed. */
  @Test
  void anEventMayBeNamedLikeOneOfTheReadersOwn() throws IOException {
    for (String name : List.of("error", "open", "message")) {
      StreamEvent event =
          parse(write(new Delivery.EventDelivery(Samples.event(name, "{}")))).get(0);
      assertEquals(name, event.name());
      assertEquals(name, event.json().getString("name"));
      assertFalse(event.id().isEmpty());
    }
  }

  /** The standard knows CR and LF alone; the text of the data stays as it was published. */
  @Test
  void otherLineEndsOfUnicodeStayInTheData() throws IOException {
    String data = "\"a\u2028b\u2029c\u0085d\"";
    String text = write(new Delivery.EventDelivery(Samples.event("n", data)));
    assertTrue(text.contains("\"data\":" + data), text);
    assertEquals(1, parse(text).size());
  }

  @Test
  void aHeartbeatIsAComment() throws IOException {
    assertEquals(":\n\n", write(new Delivery.HeartbeatDelivery()));
  }

  @Test
  void nothingInAnEventCanMakeTwoOfIt() throws IOException {
    for (String name : List.of("a\ndata: x", "a\r\rid: 9", "a\r\n\r\nb")) {
      for (String data : List.of("\"a\"\n\n", "\r\n1", "{\"a\":\n\r\n1}")) {
        String text = write(new Delivery.EventDelivery(Samples.event(name, data)));
        List<StreamEvent> events = parse(text);
        assertEquals(1, events.size(), text);
        assertEquals(Texts.value(data), Texts.object(events.getFirst().data()).get("data"), text);
      }
    }
  }

  @Test
  void readersOfOneRoomAloneShareItsBytes() throws IOException {
    StreamFrame frame = frame(new Delivery.EventDelivery(Samples.EVENT));
    assertTrue(frame.isOf(Samples.ROOM));
    assertFalse(frame.isOf(new RoomName("b")));
    ByteArrayOutputStream first = new ByteArrayOutputStream();
    frame.writeAlone(first, format);
    ByteArrayOutputStream second = new ByteArrayOutputStream();
    frame.writeAlone(second, format);
    ByteArrayOutputStream made = new ByteArrayOutputStream();
    frame.writeTo(made);
    made.write("id: k3f9.17\n\n".getBytes(StandardCharsets.US_ASCII));
    assertEquals(made.toString(StandardCharsets.UTF_8), first.toString(StandardCharsets.UTF_8));
    assertEquals(made.toString(StandardCharsets.UTF_8), second.toString(StandardCharsets.UTF_8));
    assertFalse(frame(new Delivery.HeartbeatDelivery()).isOf(Samples.ROOM), "it has no position");
  }

  private StreamFrame frame(Delivery delivery) {
    return (StreamFrame) format.encoder().encode(delivery);
  }

  private String write(Delivery delivery) throws IOException {
    StreamFrame frame = frame(delivery);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    frame.writeTo(out);
    if (!frame.positions().isEmpty()) {
      position.advance(frame.positions());
      out.write(format.position(position));
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  /** Lines end with CR, LF or both, as the standard says. */
  private static List<StreamEvent> parse(String text) {
    List<StreamEvent> events = new ArrayList<>();
    StreamParser parser = new StreamParser(events::add, c -> {});
    for (String line : text.split("\r\n|\r|\n", -1)) {
      parser.line(line);
    }
    return events;
  }
}
