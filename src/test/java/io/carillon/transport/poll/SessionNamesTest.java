package io.carillon.transport.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

final class SessionNamesTest {
  @Test
  void aNameSaysWhoHoldsTheSession() {
    assertEquals("0a1b2c3d", SessionNames.instance(SessionNames.name("0a1b2c3d", "se.cr-et")));
  }

  @Test
  void aNameOfAnythingElseSaysNobody() {
    for (String odd :
        new String[] {"", ".", "unknown", "0a1b2c3.x", "0A1B2C3D.x", "0a1b2c3de.x", "one:1234.x"}) {
      assertNull(SessionNames.instance(odd), odd);
    }
  }
}
