package io.carillon.transport.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.carillon.core.CloseCode;
import io.carillon.core.connection.Farewell;
import io.carillon.protocol.sse.EventStream;
import io.carillon.transport.request.RequestEnd;
import jakarta.servlet.AsyncContext;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StreamSinkTest {
  private final List<String> told = new ArrayList<>();

  @Test
  void itsCloseIsOutWhenTheRequestIsOver() {
    AsyncContext carrier =
        (AsyncContext)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {AsyncContext.class},
                (proxy, method, arguments) -> {
                  told.add(method.getName());
                  return null;
                });
    RequestEnd end = RequestEnd.of(carrier);
    StreamSink sink =
        new StreamSink(carrier, end, new EventStream(), List.of(), Duration.ofSeconds(1));
    Farewell farewell = Farewell.of(CloseCode.RESTART, "drain", null);
    sink.close(CloseCode.RESTART, farewell, () -> told.add("out"));
    assertEquals(List.of("addListener", "complete"), told);
    end.onComplete(null);
    end.onComplete(null);
    assertEquals(List.of("addListener", "complete", "out"), told);
  }
}
