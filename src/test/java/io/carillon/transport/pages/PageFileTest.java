package io.carillon.transport.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PageFileTest {
  /** SHA-256 of {@code abc}, the example of the standard, in base64url. */
  private static final String ABC = "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0";

  private final PageFile file = file("abc", "text/css");

  @Test
  void theTagIsOfTheContentAlone() {
    assertEquals('"' + ABC + '"', file.tag());
    assertEquals(file.tag(), file("abc", "image/png").tag());
    assertNotEquals(file.tag(), file("abd", "text/css").tag());
  }

  @ParameterizedTest
  @CsvSource({
    "text/css, text/css;charset=UTF-8",
    "application/yaml, application/yaml;charset=UTF-8",
    "application/json, application/json",
    "image/svg+xml, image/svg+xml"
  })
  void textsAreUtf8(String type, String served) {
    assertEquals(served, file("abc", type).type());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "'\"TAG\"', true",
        "'W/\"TAG\"', true",
        "'\"other\", \"TAG\"', true",
        "'\"other\",W/\"TAG\"', true",
        "'*', true",
        "'\"other\"', false",
        "'TAG', false",
        "'\"TAG', false",
        "',,', false",
        "'', false"
      })
  void namedByAList(String value, boolean named) {
    assertEquals(named, isNamedBy(value.replace("TAG", ABC)));
  }

  @Test
  void namedByOneOfSeveralHeaders() {
    assertEquals(true, isNamedBy("\"other\"", file.tag()));
    assertEquals(false, isNamedBy());
  }

  private boolean isNamedBy(String... values) {
    return file.isNamedBy(Collections.enumeration(List.of(values)));
  }

  private static PageFile file(String content, String type) {
    return new PageFile(content.getBytes(StandardCharsets.UTF_8), type);
  }
}
