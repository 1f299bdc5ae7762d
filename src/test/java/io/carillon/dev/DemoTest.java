package io.carillon.dev;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DemoTest {
  @Test
  void originsThatAreGivenAreAllowedBesidesTheServersOwn() {
    assertEquals(
        "http://localhost:9080,https://localhost:9443,http://127.0.0.1:9080,https://127.0.0.1:9443",
        Demo.origins("127.0.0.1", 9080, 1, "", ""));
    assertEquals(
        Demo.origins("::1", 9080, 2) + ",http://localhost:5173,https://app.example",
        Demo.origins(
            "::1",
            9080,
            2,
            "http://localhost:5173",
            "https://app.example, http://localhost:5173,,http://localhost:9081"));
  }
}
