package io.carillon.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Passwords in the forms that the server's tool writes. */
class PasswordsTest {
  @Test
  void plainOnesStayAsTheyAre() {
    for (String plain : new String[] {"", " with blanks ", "{braces}", "xor}", "grüße"}) {
      assertEquals(plain, Passwords.read(plain));
    }
  }

  /** What {@code securityUtility encode} of Open Liberty 26.0.0.5 makes of the word. */
  @Test
  void maskedOnesAreReadAsTheServerReadsThem() {
    assertEquals("carillon", Passwords.read("{xor}PD4tNjMzMDE="));
  }

  @Test
  void whatOnlyTheServerCanReadIsRefusedWithAWordAndWithoutThePassword() {
    for (String coded : new String[] {"{aes}ARmhA3", "{aes-128}ARmhA3", "{hash}ARmhA3"}) {
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> Passwords.read(coded));
      assertTrue(refused.getMessage().contains("{"), refused.getMessage());
      assertTrue(!refused.getMessage().contains("ARmhA3"), refused.getMessage());
    }
    assertThrows(IllegalArgumentException.class, () -> Passwords.read("{xor}*"));
  }
}
