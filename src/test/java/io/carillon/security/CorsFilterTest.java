package io.carillon.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorsFilterTest {
  private static final String LISTED = "https://app.example.com";

  private boolean passed;
  private Responses response = new Responses();

  @ParameterizedTest
  @ValueSource(strings = {LISTED, "HTTPS://APP.example.com", "https://app.example.com:443"})
  void aCallOfAListedOriginGoesOnAndItsAnswerMayBeRead(String origin) throws Exception {
    call(false, Requests.of("POST", "/api/events").header("Origin", origin));
    assertTrue(passed);
    assertEquals(List.of(origin), response.header("Access-Control-Allow-Origin"));
    assertEquals(
        List.of("Carillon-Cursor, Preference-Applied, Retry-After, WWW-Authenticate"),
        response.header("Access-Control-Expose-Headers"));
    assertEquals(List.of(), response.header("Access-Control-Allow-Credentials"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example",
        "https://app.example.com.evil.io",
        "http://app.example.com",
        "https://app.example.com/",
        "http://app.local:9080",
        "null",
        "*",
        ""
      })
  void everyOtherGoesOnAndNoPageMayReadTheAnswer(String origin) throws Exception {
    call(true, Requests.of("GET", "/api/events").header("Origin", origin));
    assertTrue(passed);
    nothingAllowed();
    call(true, Requests.of("GET", "/api/events").header("Origin", LISTED).header("Origin", origin));
    assertTrue(passed);
    nothingAllowed();
  }

  @Test
  void whoHasNoOriginGoesOn() throws Exception {
    call(true, Requests.of("OPTIONS", "/api/events"));
    assertTrue(passed);
    nothingAllowed();
    call(true, Requests.of("OPTIONS", "/api/events").header("Origin", LISTED));
    assertTrue(passed, "this is no preflight");
  }

  @Test
  void aPreflightOfAListedOriginIsAnsweredHere() throws Exception {
    call(
        false,
        preflight(LISTED)
            .header("Access-Control-Request-Headers", "authorization,content-type,ce-id"));
    assertFalse(passed);
    assertEquals(204, response.status());
    assertEquals(List.of(LISTED), response.header("Access-Control-Allow-Origin"));
    assertEquals(
        List.of("GET, HEAD, POST, PUT, DELETE"), response.header("Access-Control-Allow-Methods"));
    assertEquals(
        List.of("authorization,content-type,ce-id"),
        response.header("Access-Control-Allow-Headers"));
    assertEquals(List.of("600"), response.header("Access-Control-Max-Age"));
    assertEquals(List.of(), response.header("Access-Control-Allow-Credentials"));
  }

  @Test
  void whatIsNoListOfHeadersIsNotRepeated() throws Exception {
    call(false, preflight(LISTED).header("Access-Control-Request-Headers", "a\r\nX: <b>"));
    assertEquals(204, response.status());
    assertEquals(List.of(), response.header("Access-Control-Allow-Headers"));
  }

  @Test
  void credentialsAreAllowedWhereThatIsSetAndForListedOriginsAlone() throws Exception {
    call(true, Requests.of("GET", "/api/events").header("Origin", LISTED));
    assertEquals(List.of("true"), response.header("Access-Control-Allow-Credentials"));
    call(true, preflight(LISTED));
    assertEquals(List.of("true"), response.header("Access-Control-Allow-Credentials"));
    call(true, Requests.of("GET", "/api/events").header("Origin", "https://evil.example"));
    nothingAllowed();
  }

  @Test
  void aPreflightOfAnotherIsRefusedAndSaysInDemoModeOfWhich() throws Exception {
    call(true, preflight("https://evil.example:8443"));
    refused("Pages of https://evil.example:8443 are not allowed here: name it in");
    for (String odd :
        List.of("null", "https://evil.example/<script>", "https://" + "a".repeat(300))) {
      call(true, preflight(odd));
      refused("\"detail\":\"This is not allowed.\"");
    }
    response = new Responses();
    passed = false;
    filter(false, false)
        .doFilter(
            preflight("https://evil.example").request(),
            response.response(),
            (r, s) -> passed = true);
    refused("\"detail\":\"This is not allowed.\"");
  }

  private void refused(String words) {
    assertFalse(passed);
    assertEquals(403, response.status());
    assertTrue(response.body().contains(words), response.body());
    assertTrue(response.body().contains("\"code\":\"forbidden\""), response.body());
    nothingAllowed();
  }

  private void nothingAllowed() {
    for (String each : List.of("Origin", "Credentials", "Headers", "Methods")) {
      assertEquals(List.of(), response.header("Access-Control-Allow-" + each));
    }
    assertEquals(List.of(), response.header("Access-Control-Expose-Headers"));
  }

  private static Requests preflight(String origin) {
    return Requests.of("OPTIONS", "/api/tickets")
        .header("Origin", origin)
        .header("Access-Control-Request-Method", "POST");
  }

  private void call(boolean credentials, Requests request) throws Exception {
    passed = false;
    response = new Responses();
    filter(credentials, true)
        .doFilter(request.request(), response.response(), (r, s) -> passed = true);
  }

  private static CorsFilter filter(boolean credentials, boolean demo) {
    SecuritySettings usual = SecuritySettings.demoOnly();
    return new CorsFilter(
        new SecuritySettings(
            null,
            null,
            null,
            usual.algorithm(),
            null,
            Set.of(),
            usual.clockSkew(),
            Set.of(LISTED),
            credentials,
            demo));
  }
}
