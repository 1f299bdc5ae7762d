package io.carillon.protocol.socketio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.carillon.core.Content;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.socketio.Argument;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.bind.annotation.JsonbProperty;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Values on their way between an application, JSON with attachments, and the core. */
final class ArgumentsTest {
  private static final String PLACE = "{\"_placeholder\":true,\"num\":%d}";

  private final JsonMapping mapping = new JsonMapping();

  private record Point(int x, @JsonbProperty("why") Optional<String> y) {}

  private record Shape(
      String name, List<Point> points, Map<String, byte[]> parts, @Nullable Kind kind) {}

  private enum Kind {
    ROUND
  }

  /** What JSON-B maps by itself. */
  public static class Bean {
    /** A field. */
    public String field = "f";
  }

  private Argument argument(String json, byte[]... attachments) {
    return new JsonArgument(mapping, json, List.of(attachments));
  }

  @Test
  void valuesBecomeJson() {
    ArgumentWriter writer = new ArgumentWriter(mapping);
    assertEquals("null", writer.write(null));
    assertEquals(
        "[1,2.5,null,true,\"a\\\"b\"]",
        writer.write(Arrays.asList(1, 2.5, Double.NaN, true, "a\"b")));
    assertEquals("[1,2]", writer.write(new int[] {1, 2}));
    assertEquals("\"1970-01-01T00:00:00Z\"", writer.write(Instant.EPOCH));
    assertEquals("{\"field\":\"f\"}", writer.write(new Bean()));
    assertEquals(
        "[\"ROUND\",\"x\",null]", writer.write(new Object[] {Kind.ROUND, 'x', Optional.empty()}));
    assertEquals("{\"x\":1,\"why\":\"w\"}", writer.write(new Point(1, Optional.of("w"))));
    assertEquals(0, writer.attachments().size());
    List<Object> cycle = new ArrayList<>();
    cycle.add(cycle);
    assertThrows(IllegalArgumentException.class, () -> writer.write(cycle));
  }

  @Test
  void bytesAreNumberedDepthFirst() {
    ArgumentWriter writer = new ArgumentWriter(mapping);
    Shape shape = new Shape("s", List.of(), Map.of("p", new byte[] {1}), null);
    assertEquals(
        "{\"name\":\"s\",\"points\":[],\"parts\":{\"p\":" + PLACE.formatted(0) + "},\"kind\":null}",
        writer.write(shape));
    assertEquals(
        "{\"a\":" + PLACE.formatted(1) + ",\"b\":" + PLACE.formatted(2) + "}",
        writer.write(
            argument(
                "{\"a\":" + PLACE.formatted(1) + ",\"b\":" + PLACE.formatted(0) + "}",
                new byte[] {3},
                new byte[] {2})));
    assertArrayEquals(new byte[] {1}, writer.attachments().get(0));
    assertArrayEquals(new byte[] {2}, writer.attachments().get(1));
    assertArrayEquals(new byte[] {3}, writer.attachments().get(2));
  }

  @Test
  void jsonBecomesValues() {
    Shape shape =
        argument(
                "{\"name\":\"s\",\"points\":[{\"x\":1,\"why\":\"w\"},{}],\"parts\":{\"p\":"
                    + PLACE.formatted(0)
                    + "},\"kind\":\"ROUND\"}",
                new byte[] {7})
            .as(Shape.class);
    assertEquals(
        List.of(new Point(1, Optional.of("w")), new Point(0, Optional.empty())), shape.points());
    assertArrayEquals(new byte[] {7}, shape.parts().get("p"));
    assertEquals(Kind.ROUND, shape.kind());
    assertEquals(5, argument("5").as(Integer.class));
    assertEquals(5, argument("5").as(int.class));
    assertEquals("f", argument("{\"field\":\"f\"}").as(Bean.class).field);
    assertNull(argument("null").as(Point.class));
    assertEquals(1, argument("{\"x\":1}").as(JsonObject.class).getInt("x"));
    byte[] five = {5};
    assertArrayEquals(five, argument(PLACE.formatted(0), five).as(byte[].class));
    assertArrayEquals(five, argument(PLACE.formatted(0), five).bytes());
    assertEquals("BQ==", ((JsonString) argument(PLACE.formatted(0), five).value()).getString());
    for (Argument none :
        List.of(argument("5"), argument(PLACE.formatted(1), five), argument(PLACE.formatted(0)))) {
      assertThrows(IllegalArgumentException.class, none::bytes);
      assertThrows(IllegalArgumentException.class, none::string);
    }
    assertThrows(IllegalArgumentException.class, () -> argument("[]").as(Point.class));
    assertThrows(IllegalArgumentException.class, () -> argument("{\"x\":null}").as(Point.class));
    assertThrows(IllegalArgumentException.class, () -> argument("\"x\"").as(Integer.class));
  }

  @Test
  void anEmitGoesThroughTheCore() {
    Emission plain = new Emission("n", List.of("1", "[2]"), List.of(), List.of(), Set.of());
    assertEquals("[1,[2]]", plain.content().text());
    assertEquals(plain, Emission.of("n", plain.content()));
    Emission more =
        new Emission(
            "a name",
            List.of(PLACE.formatted(0)),
            List.of(new byte[] {1}),
            List.of("a", "b"),
            Set.of("c"));
    assertEquals("a_name", more.eventName().value());
    Emission back = Emission.of("a_name", more.content());
    assertEquals("a name", back.name());
    assertEquals(more.args(), back.args());
    assertArrayEquals(new byte[] {1}, back.attachments().getFirst());
    assertEquals(List.of("a", "b"), back.to());
    assertEquals(Set.of("c"), back.except());
    for (String other : List.of("{\"args\":1}", "{}", "{\"args\":[],\"bytes\":[\"%\"]}", "5")) {
      assertEquals(List.of(other), Emission.of("n", Content.json(other)).args());
    }
    assertEquals(1, Emission.of("n", Content.bytes(new byte[] {1})).attachments().size());
    assertEquals(
        "_carillon:x",
        new Emission("carillon:x", List.of(), List.of(), List.of(), Set.of()).eventName().value());
  }

  @Test
  void roomsHaveNamesInTheCore() {
    assertEquals("socket.io:chat", CoreRoomNames.of("/chat").value());
    assertEquals("socket.io:", CoreRoomNames.of("/").value());
    assertEquals("socket.io::a:b", CoreRoomNames.of("/", "a:b").value());
    RoomName odd = CoreRoomNames.of("/a/b:c~", "room ü~1");
    assertEquals("socket.io:a~2Fb~3Ac~7E:room~20~C3~BC~7E1", odd.value());
    assertEquals("/a/b:c~", CoreRoomNames.namespace(odd));
    assertEquals("room ü~1", CoreRoomNames.room(odd));
    assertNull(CoreRoomNames.namespace(new RoomName("socket.iox:a")));
    assertNull(CoreRoomNames.room(CoreRoomNames.of("/chat")));
    assertThrows(RefusedException.class, () -> CoreRoomNames.of("/chat", "x".repeat(200)));
  }
}
