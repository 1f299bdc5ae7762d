package io.carillon.security;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MediaRangesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        " application/json ;charset=utf-8",
        "application/json; charset=\"utf-8\"",
        "application/json;",
        "application/cloudevents+json; a=\"b;\\\"c\"",
        "text/plain;charset=utf-8;;x=y"
      })
  void aTypeIsOne(String text) {
    assertTrue(MediaRanges.isType(text));
    assertTrue(MediaRanges.areRanges(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "a",
        "a/",
        "/a",
        "a/b/c",
        "a/b;c",
        "a/b;c=",
        "a/b;c=\"",
        "a b/c",
        "a/b c"
      })
  void whatIsNoTypeIsNone(String text) {
    assertFalse(MediaRanges.isType(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*/*",
        "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
        "text/event-stream;q=0.5,application/json;q=1.000,,text/*",
        "text/html;x=\"a,b\";Q=0 , */*"
      })
  void listsOfRangesAreRead(String text) {
    assertTrue(MediaRanges.areRanges(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "a/b/c", ";q=1", "a/b;q=x", "a/b;q=2", "a/b;q=-1", "a/b;q=\"1\"", "a/b c/d"})
  void whatIsNoListIsNone(String text) {
    assertFalse(MediaRanges.areRanges(text));
  }
}
