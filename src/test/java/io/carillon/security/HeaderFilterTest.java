package io.carillon.security;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HeaderFilterTest {
  /** Only what can never change is kept for ever. */
  @ParameterizedTest
  @CsvSource({
    "/webjars/carillon/1.0.0/carillon.js, true",
    "/webjars/carillon/1.0.0-SNAPSHOT/carillon.js, false",
    "/webjars/carillon/latest/carillon.js, false",
    "/webjars/carillon/1.0.0/, false",
    "/carillon.js, false",
    "/chat/main.js, false"
  })
  void aPathWithAVersionLasts(String path, boolean lasts) {
    assertEquals(lasts, HeaderFilter.lasting(path));
  }

  /** Nothing that could end the directive, or begin another header, stands in the policy. */
  @Test
  void onlyOriginsBecomeSources() {
    assertEquals(
        " http://127.0.0.1:9081 ws://127.0.0.1:9081 https://rt.example.com wss://rt.example.com",
        HeaderFilter.sources(
            List.of(
                "https://rt.example.com",
                "http://127.0.0.1:9081",
                "https://a; script-src *",
                "http://a\r\nX: y",
                "http://a/b",
                "*",
                "null")));
  }
}
