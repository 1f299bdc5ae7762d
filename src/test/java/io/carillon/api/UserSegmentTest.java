package io.carillon.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UserSegmentTest {
  @ParameterizedTest
  @ValueSource(strings = {"https://issuer.example/alice", "a\\b", "~alice", "..", "Zoë 🎶"})
  void aTildeAndBase64UrlIsThatName(String user) {
    String encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(user.getBytes(UTF_8));
    assertEquals(user, UserSegment.user("~" + encoded));
  }

  @Test
  void everythingElseIsItself() {
    assertEquals("auth0|5f", UserSegment.user("auth0|5f"));
    assertEquals("a~b", UserSegment.user("a~b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"~.", "~a+b/", "~_w", "~YQ=Y"})
  void aTildeWithSomethingElseIsRefused(String segment) {
    RefusedException refused =
        assertThrows(RefusedException.class, () -> UserSegment.user(segment));
    assertEquals(ErrorCode.BAD_DATA, refused.rejection().code());
  }
}
