package io.carillon.transport.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients really send. */
final class AcceptTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/event-stream | true",
        "Text/Event-Stream | true",
        "text/event-stream;charset=utf-8 | true",
        "text/event-stream, */* | true",
        "*/*, text/event-stream | true",
        "text/event-stream, */*;q=0.1 | true",
        "text/event-stream, application/json;q=0.5 | true",
        "text/event-stream, application/json | true",
        "application/*, text/event-stream | true",
        "text/html, text/event-stream;q=0.2 | true",
        "application/json;q=0, text/event-stream;q=0.001 | true",
        "text/event-stream;level=1;Q=0.9, application/json; q=0.8 | true",
        "text/* | true",
        "text/event-stream, , | true",
        "application/json, text/event-stream | false",
        "application/json, text/event-stream;q=0.9 | false",
        "text/event-stream;q=0.5, application/json | false",
        "text/event-stream;q=0.5, */* | false",
        "text/event-stream;q=0 | false",
        "text/event-stream;q=0, */* | false",
        "text/event-stream;q=0.000 | false",
        "*/* | false",
        "* | false",
        "text/html, image/gif, *; q=.2, */*; q=.2 | false",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 | false",
        "application/json | false",
        "application/problem+json | false",
        "'' | false"
      })
  void theStreamIsChosenIfItIsPreferred(String header, boolean stream) {
    assertEquals(stream, Accept.prefersStream(request(List.of(header))), header);
  }

  @Test
  void severalHeadersAreOneList() {
    assertEquals(true, Accept.prefersStream(request(List.of("text/html", "text/event-stream"))));
    assertEquals(false, Accept.prefersStream(request(List.of("*/*", "text/event-stream;q=0"))));
    assertEquals(false, Accept.prefersStream(request(List.of())));
  }

  @Test
  void bytesAndJsonAreToldApartLikewise() {
    HttpServletRequest bytes = request(List.of("application/octet-stream"));
    assertEquals(true, Accept.prefersBytes(bytes));
    assertEquals(false, Accept.takesJson(bytes));
    HttpServletRequest both = request(List.of("application/octet-stream, */*;q=0.1"));
    assertEquals(true, Accept.prefersBytes(both));
    assertEquals(true, Accept.takesJson(both));
    for (List<String> json : List.of(List.<String>of(), List.of("*/*"), List.of("application/*"))) {
      assertEquals(false, Accept.prefersBytes(request(json)));
      assertEquals(true, Accept.takesJson(request(json)));
    }
    assertEquals(false, Accept.takesJson(request(List.of("*/*, application/json;q=0"))));
  }

  private HttpServletRequest request(List<String> accept) {
    return (HttpServletRequest)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (proxy, method, arguments) ->
                method.getName().equals("getHeaders") && arguments[0].equals("Accept")
                    ? Collections.enumeration(accept)
                    : null);
  }
}
