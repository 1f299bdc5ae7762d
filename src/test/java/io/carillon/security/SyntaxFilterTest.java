package io.carillon.security;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SyntaxFilterTest {
  private final SyntaxFilter filter = new SyntaxFilter();

  private int status(Requests request) throws Exception {
    AtomicBoolean passed = new AtomicBoolean();
    Responses answer = new Responses();
    filter.doFilter(request.request(), answer.response(), (q, a) -> passed.set(true));
    assertEquals(answer.status() == 200, passed.get());
    assertEquals(answer.status() == 400, answer.body().contains("\"code\":\"bad_frame\""));
    return answer.status();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/rooms/a\nb",
        "/\r",
        "/\u001b[1m",
        "/\u007f",
        "/?a\nb",
        "/?%",
        "/?a=%4",
        "/?a=%zz",
        "/?a=%ff",
        "/?a=%c3",
        "/?a=%c3%28"
      })
  void anAddressThatIsNoTextIsRefused(String target) throws Exception {
    assertEquals(400, status(Requests.of("GET", target)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/a%20b?",
        "/?a=b&c=%c3%a9+%41",
        "/?%00",
        "/?\u00e9=%25",
        "/?a=100&&=",
        "/%zz"
      })
  void anyOtherGoesOn(String target) throws Exception {
    assertEquals(200, status(Requests.of("GET", target)));
  }

  @Test
  void mediaTypesMustBeReadable() throws Exception {
    assertEquals(200, status(Requests.of("GET", "/").header("Accept", "text/html, */*;q=0.8")));
    assertEquals(400, status(Requests.of("GET", "/").header("Accept", "a")));
    assertEquals(
        400, status(Requests.of("GET", "/").header("Accept", "*/*").header("Accept", "a/b/c")));
    assertEquals(200, status(Requests.of("POST", "/").header("Content-Type", "a/b")));
    assertEquals(400, status(Requests.of("POST", "/").header("Content-Type", "/")));
  }
}
