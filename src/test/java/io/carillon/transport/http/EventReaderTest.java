package io.carillon.transport.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.Rejection;
import io.carillon.core.connection.ConnectionLimits;
import io.carillon.core.connection.Connections;
import io.carillon.core.connection.PageWriter;
import io.carillon.core.connection.RevocationFreshness;
import io.carillon.core.limit.Limits;
import io.carillon.core.spi.Probe;
import io.carillon.core.spi.UncheckedPrincipal;
import io.carillon.kit.ManualTime;
import io.carillon.protocol.page.JsonPages;
import io.carillon.protocol.sse.EventStream;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.container.AsyncResponse;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a reader is told whose credential cannot be checked now. */
final class EventReaderTest {
  private final ManualTime time = new ManualTime();
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final List<Object> told = new ArrayList<>();
  private final EventReader reader =
      new EventReader(
          new Connections(
              ConnectionLimits.DEFAULTS,
              () -> "c",
              time::nanos,
              time,
              new SplittableRandom(1),
              RevocationFreshness.always(),
              Probe.NONE),
          null,
          new JsonPages(),
          new EventStream(),
          Runnable::run,
          new PageWriter(Runnable::run),
          Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory()),
          new SplittableRandom(1),
          EventReader.ReaderSettings.DEFAULTS,
          Limits.NONE);

  @Test
  void aStreamIsToldToComeBackWithAStatusThatItSurvives() {
    reader.room(request("text/event-stream"), answer(), "a");
    assertEquals(List.of("setStatus 200", "complete"), told);
    String text = written.toString(StandardCharsets.UTF_8);
    assertTrue(text.startsWith("retry: "), text);
    assertTrue(text.contains("event: carillon:goodbye\ndata: {\"reason\":\"storage\","), text);
    assertTrue(text.endsWith("\n\n"), text);
  }

  @Test
  void aPollIsRefusedAsOverloadIs() {
    reader.rooms(
        request("application/json"),
        answer(),
        () -> {
          throw new AssertionError("nothing is read of who is not known");
        });
    RefusedException refused = assertInstanceOf(RefusedException.class, told.getFirst());
    assertEquals(ErrorCode.STORAGE, refused.rejection().code());
    assertEquals("", written.toString(StandardCharsets.UTF_8));
  }

  private AsyncResponse answer() {
    return stub(
        AsyncResponse.class,
        (proxy, method, arguments) -> method.getName().equals("resume") && told.add(arguments[0]));
  }

  private HttpServletRequest request(String accept) {
    AsyncContext carrier =
        stub(
            AsyncContext.class,
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getResponse" -> response();
                  case "complete" -> tell("complete");
                  default -> null;
                });
    return stub(
        HttpServletRequest.class,
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "getUserPrincipal" -> new UncheckedPrincipal(Rejection.of(ErrorCode.STORAGE));
              case "getHeaders" -> Collections.enumeration(List.of(accept));
              case "getAsyncContext" -> carrier;
              default -> null;
            });
  }

  private @Nullable Object tell(String what) {
    told.add(what);
    return null;
  }

  private HttpServletResponse response() {
    return stub(
        HttpServletResponse.class,
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "setStatus" -> tell("setStatus " + arguments[0]);
              case "getOutputStream" -> new Written();
              default -> null;
            });
  }

  private final class Written extends ServletOutputStream {
    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setWriteListener(WriteListener listener) {}

    @Override
    public void write(int b) {
      written.write(b);
    }
  }

  private <T> T stub(Class<T> type, InvocationHandler calls) {
    return type.cast(
        Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {type}, calls));
  }
}
