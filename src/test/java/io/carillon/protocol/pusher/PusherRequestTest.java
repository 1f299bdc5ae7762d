package io.carillon.protocol.pusher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.carillon.core.RefusedException;
import io.carillon.core.Right;
import io.carillon.core.spi.GuestApp;
import io.carillon.protocol.HttpAnswer;
import io.carillon.protocol.HttpCall;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Signatures that the official libraries made. */
final class PusherRequestTest {
  private static final GuestApp APP =
      new GuestApp("1", "appkey", "sec", Set.of(Right.READ), "pusher", true);
  private static final long SIGNED = 1_795_300_494L;
  private static final String BODY =
      "{\"name\":\"ev\",\"data\":\"{\\\"a\\\":1}\",\"channels\":[\"pub\",\"b\"],"
          + "\"socket_id\":\"1.2\",\"info\":\"subscription_count,user_count\"}";
  private static final String POST =
      "auth_key=appkey&auth_timestamp=1795300494&auth_version=1.0"
          + "&body_md5=7517f7f6e2b65a22791f9c7e2d1890ac&auth_signature="
          + "6dd8dc6ea2ee29f12499eb5ebaa58370f4c8d778e221fa5a79b0adb19f0fbf15";
  private static final String GET =
      "auth_key=appkey&auth_timestamp=1795300494&auth_version=1.0&filter_by_prefix=presence-"
          + "&info=user_count&auth_signature="
          + "6e51259217bd88384deb7a2b9f683fd2501a449ef0bc07072eeac3f29ae0f1df";

  private static @Nullable HttpAnswer check(
      String method, String path, String query, String body, long now) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    PusherRequest request = PusherRequest.of(new HttpCall(method, path, path, query, bytes, null));
    assertNotNull(request);
    return new PusherRequest.Check(() -> Instant.ofEpochSecond(now)).refusal(APP, request);
  }

  @Test
  void whatTheLibrariesSignIsGood() {
    assertNull(check("POST", "/apps/1/events", POST, BODY, SIGNED));
    assertNull(check("GET", "/apps/1/channels", GET, "", SIGNED + 600));
    assertNull(
        check("GET", "/apps/1/channels", GET.replace("presence-", "presence%2D"), "", SIGNED));
  }

  @Test
  void whatIsNotIsRefused() {
    assertRefused(check("POST", "/apps/1/events", POST, BODY + ' ', SIGNED));
    assertRefused(check("POST", "/apps/1/events", POST, BODY, SIGNED + 601));
    assertRefused(check("POST", "/apps/1/events", POST, BODY, SIGNED - 601));
    assertRefused(check("POST", "/apps/2/events", POST, BODY, SIGNED));
    assertRefused(check("PUT", "/apps/1/events", POST, BODY, SIGNED));
    assertRefused(check("POST", "/apps/1/events", POST.replace("6dd8", "6dd9"), BODY, SIGNED));
    assertRefused(check("POST", "/apps/1/events", POST + "&more=1", BODY, SIGNED));
    assertRefused(check("POST", "/apps/1/events", "auth_key=appkey", BODY, SIGNED));
    assertRefused(check("GET", "/apps/1/channels", GET, "{}", SIGNED));
    assertRefused(check("GET", "/apps/1/channels", GET.replace("=1795300494", "=x"), "", SIGNED));
  }

  @Test
  void aQueryThatSaysSomethingTwiceIsNone() {
    assertNull(PusherRequest.of(new HttpCall("GET", "/", "/", "a=1&A=2", new byte[0], null)));
    HttpCall notEncoded = new HttpCall("GET", "/", "/", "a=%2", new byte[0], null);
    assertThrows(RefusedException.class, () -> PusherRequest.of(notEncoded));
  }

  @Test
  void theSecretIsNotWritten() {
    assertFalse(APP.toString().contains("sec"), APP::toString);
  }

  private static void assertRefused(@Nullable HttpAnswer answer) {
    assertNotNull(answer);
    assertEquals(401, answer.status());
  }
}
