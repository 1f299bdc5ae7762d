package io.carillon.core.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import jakarta.json.JsonException;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonParser;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
  private static final long SEED = 20261122L;
  private static final JsonProvider JSON = JsonProvider.provider();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        " true\n",
        "\"\"",
        "\"\\u0000\"",
        "0",
        "-0.5e-10",
        "[]",
        "{}",
        "[1,[2,{}]]",
        "{\"a\":{\"a\":1}}",
        "\"😀\"",
        "\"\\uD83D\\uDE00\"",
        "\"\u2028\u0085\"",
        "{\"\":1,\" \":2}"
      })
  void accepts(String text) {
    JsonText.check(text, JsonText.MAX_DEPTH, ErrorCode.BAD_DATA);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "nul",
        "nullx",
        "NaN",
        "Infinity",
        "-Infinity",
        "+1",
        "01",
        "-",
        "1.",
        ".5",
        "1e",
        "1e+",
        "0x10",
        "1e9999",
        "1e999999999",
        "\"",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12G4\"",
        "\"\\u١٢٣٤\"",
        "\"\n\"",
        "\"\0\"",
        "\"\t\"",
        "'a'",
        "[",
        "[1",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{\"a\":1 \"b\":2}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"\\u0061\":2}",
        "{} {}",
        "[]]",
        "\ufeff{}",
        "\u00a01",
        "/**/1",
        "1//",
        "\"\\ud800\"",
        "\"\\udc00\"",
        "\"\\ud800x\"",
        "\"\\ud800\\n\"",
        "\"\\ud800\\ud800\""
      })
  void refuses(String text) {
    assertEquals(ErrorCode.BAD_DATA, refusalOf(text));
  }

  @Test
  void refusesLoneSurrogates() {
    for (String lone : List.of("\ud800", "\udc00", "\udc00\ud800", "\ud800a", "\\ud800\udc00")) {
      assertEquals(ErrorCode.BAD_DATA, refusalOf('"' + lone + '"'), lone);
      assertEquals(ErrorCode.BAD_DATA, refusalOf("{\"" + lone + "\":1}"), lone);
    }
  }

  @Test
  void boundsDepth() {
    JsonText.check("[".repeat(32) + "]".repeat(32), 32, ErrorCode.BAD_DATA);
    assertEquals(ErrorCode.BAD_DATA, refusalOf("[".repeat(33) + "]".repeat(33)));
    assertEquals(ErrorCode.BAD_DATA, refusalOf("{\"a\":".repeat(10_000)));
  }

  @Test
  void boundsNumbers() {
    JsonText.check("1".repeat(64), 1, ErrorCode.BAD_DATA);
    assertEquals(ErrorCode.BAD_DATA, refusalOf("1".repeat(65)));
  }

  @Test
  void manyKeysEvenCollidingOnesAreQuick() {
    StringBuilder colliding = new StringBuilder("{");
    for (int i = 0; i < 1 << 14; i++) {
      colliding.append('"');
      for (int bit = 0; bit < 14; bit++) {
        colliding.append(((i >> bit) & 1) == 0 ? "Aa" : "BB");
      }
      colliding.append("\":0,");
    }
    String distinct = colliding.append("\"z\":0}").toString();
    assertTimeoutPreemptively(
        Duration.ofSeconds(10), () -> JsonText.check(distinct, 1, ErrorCode.BAD_DATA));
    colliding.setLength(colliding.length() - 1);
    assertEquals(ErrorCode.BAD_DATA, refusalOf(colliding.append(",\"z\":1}").toString()));
  }

  @Test
  void agreesWithAnotherParserOnWhatIsValid() {
    SplittableRandom random = new SplittableRandom(SEED);
    RandomJson json = new RandomJson(random);
    for (int i = 0; i < 20_000; i++) {
      String text = json.value(4);
      JsonText.check(text, JsonText.MAX_DEPTH, ErrorCode.BAD_DATA);
      JsonValue expected = read(text);
      assertEquals(expected, read(JsonText.oneLine(text)), text);
      assertFalse(JsonText.oneLine(text).matches("(?s).*[\r\n].*"));
      if (JsonText.isObject(text)) {
        JsonFields fields = JsonFields.parse(text, JsonText.MAX_DEPTH, ErrorCode.BAD_DATA);
        Map<String, JsonValue> members = expected.asJsonObject();
        assertEquals(List.copyOf(members.keySet()), List.copyOf(fields.names()), text);
        members.forEach((name, value) -> assertEquals(value, read(fields.raw(name)), text));
      }
      if (JsonText.isArray(text)) {
        List<String> elements = JsonText.elements(text, 32, 1000, ErrorCode.BAD_DATA);
        assertEquals(
            List.copyOf(expected.asJsonArray()),
            elements.stream().map(JsonTextTest::read).toList(),
            text);
      }
    }
  }

  @Test
  void neverAcceptsWhatAnotherParserRefuses() {
    SplittableRandom random = new SplittableRandom(SEED + 1);
    RandomJson json = new RandomJson(random);
    int refused = 0;
    for (int i = 0; i < 50_000; i++) {
      String text = json.broken(3);
      if (refusalOf(text) == null) {
        read(text);
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        assertEquals(text, new String(utf8, StandardCharsets.UTF_8), "survives UTF-8");
        assertEquals(utf8.length, JsonText.utf8Length(text), text);
      } else {
        refused++;
      }
    }
    assertTrue(refused > 10_000, "the generator must break things, broke " + refused);
  }

  @Test
  void takesArraysApart() {
    String text = " [ {\"a\":[1, 2]} , null,\"x,]\"] ";
    assertEquals(
        List.of("{\"a\":[1, 2]}", "null", "\"x,]\""),
        JsonText.elements(text, 3, 3, ErrorCode.BAD_FRAME));
    assertEquals(
        ErrorCode.TOO_LARGE,
        assertThrows(
                RefusedException.class, () -> JsonText.elements(text, 3, 2, ErrorCode.BAD_FRAME))
            .rejection()
            .code());
    assertThrows(RefusedException.class, () -> JsonText.elements("{}", 3, 2, ErrorCode.BAD_FRAME));
  }

  @Test
  void oneLineKeepsWhatIsOneLine() {
    String text = "{\"a\": \"\\n\"}";
    assertSame(text, JsonText.oneLine(text));
    assertEquals("{ \"a\":  1}", JsonText.oneLine("{\n\"a\":\r\n1}"));
  }

  private static ErrorCode refusalOf(String text) {
    try {
      JsonText.check(text, JsonText.MAX_DEPTH, ErrorCode.BAD_DATA);
      return null;
    } catch (RefusedException refused) {
      return refused.rejection().code();
    }
  }

  private static JsonValue read(String text) {
    try (JsonParser parser = JSON.createParser(new StringReader(text))) {
      parser.next();
      JsonValue value = parser.getValue();
      assertFalse(parser.hasNext(), text);
      return value;
    } catch (JsonException | NoSuchElementException | IllegalStateException invalid) {
      throw new AssertionError("accepted, but not valid: " + text, invalid);
    }
  }
}
