package io.carillon.core.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class JsonFieldsTest {
  private final JsonFields fields =
      JsonFields.parse(
          """
          {"s":"a\\u0062\\n\\ud83d\\ude00\\/", "n":-17, "f":1.5, "t":true, "nil":null,
           "o":{"x":[[1],{"y":{}}],"z":1}, "e":{}, "\\u006b":"key"}
          """,
          33,
          ErrorCode.BAD_FRAME);

  @Test
  void getsEachType() {
    assertEquals("ab\n😀/", fields.string("s"));
    assertEquals("key", fields.requiredString("k"));
    assertEquals(-17, fields.integer("n", 0));
    assertTrue(fields.bool("t", false));
    assertEquals("{\"x\":[[1],{\"y\":{}}],\"z\":1}", fields.object("o"));
    assertEquals("\"a\\u0062\\n\\ud83d\\ude00\\/\"", fields.raw("s"));
  }

  @Test
  void nullCountsAsAbsentButIsARawValue() {
    assertNull(fields.string("nil"));
    assertNull(fields.object("nil"));
    assertEquals(5, fields.integer("nil", 5));
    assertTrue(fields.bool("nil", true));
    assertEquals("null", fields.raw("nil"));
    assertTrue(fields.has("nil"));
    assertFalse(fields.has("none"));
    assertNull(fields.raw("none"));
  }

  @Test
  void refusesOtherTypes() {
    assertRefused(() -> fields.string("n"));
    assertRefused(() -> fields.integer("s", 0));
    assertRefused(() -> fields.integer("f", 0));
    assertRefused(() -> fields.integer("t", 0));
    assertRefused(() -> fields.bool("n", true));
    assertRefused(() -> fields.object("s"));
    assertRefused(() -> fields.requiredString("none"));
    assertRefused(() -> fields.requiredString("nil"));
    assertRefused(() -> JsonFields.parse("[]", 9, ErrorCode.BAD_FRAME));
    assertRefused(() -> JsonFields.parse("{} 1", 9, ErrorCode.BAD_FRAME));
  }

  @Test
  void knowsHowDeepAMemberIs() {
    assertEquals(0, fields.depth("s"));
    assertEquals(1, fields.depth("e"));
    assertEquals(4, fields.depth("o"));
    assertEquals(0, fields.depth("none"));
  }

  @Test
  void writesWhatItReads() {
    String nasty = "\"\\/\b\f\n\r\t\u0000\u001f\u007f\u2028é😀";
    String json =
        new JsonWriter(new StringBuilder())
            .beginObject()
            .field("s", nasty)
            .field("n", 7)
            .field("b", true)
            .optional("no", null)
            .rawField("no", null)
            .name("list")
            .beginArray()
            .string("x")
            .raw("{\"r\":1}")
            .beginObject()
            .endObject()
            .number(3)
            .bool(false)
            .endArray()
            .endObject()
            .toString();
    JsonFields read = JsonFields.parse(json, 3, ErrorCode.BAD_FRAME);
    assertEquals(nasty, read.string("s"));
    assertEquals("[\"x\",{\"r\":1},{},3,false]", read.raw("list"));
    assertEquals("[s, n, b, list]", read.names().toString());
  }

  @Test
  void aLoneSurrogateIsReplacedWhenWritten() {
    String json = new JsonWriter(new StringBuilder()).string("a\ud800b\udc00").toString();
    assertEquals("\"a\ufffdb\ufffd\"", json);
  }

  @Test
  void checksMetaAndState() {
    assertEquals("{\"a\":\"b\"}", Payload.meta(" {\"a\":\"b\"}\n"));
    assertRefused(() -> Payload.meta("{\"a\":1}"), ErrorCode.BAD_DATA);
    assertRefused(() -> Payload.meta("{\"a\":{}}"), ErrorCode.BAD_DATA);
    assertRefused(() -> Payload.meta("[]"), ErrorCode.BAD_DATA);
    assertRefused(() -> Payload.meta("{\"a\":\"" + "é".repeat(510) + "\"}"), ErrorCode.TOO_LARGE);
    assertEquals("{\"a\": {}}", Payload.state("{\"a\":\n{}}"));
    assertRefused(() -> Payload.state("1"), ErrorCode.BAD_DATA);
    assertEquals("[ 1]", Payload.data("\n[\n1]"));
  }

  private static void assertRefused(Executable what) {
    assertRefused(what, ErrorCode.BAD_FRAME);
  }

  private static void assertRefused(Executable what, ErrorCode code) {
    assertEquals(code, assertThrows(RefusedException.class, what).rejection().code());
  }
}
