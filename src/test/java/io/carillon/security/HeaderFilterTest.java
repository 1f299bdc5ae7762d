package io.carillon.security;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
