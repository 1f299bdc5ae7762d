package io.carillon.transport.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PollResponseTest {
  private static final Set<String> STEPS = Set.of("setStatus", "flushBuffer", "complete");

  private final List<String> calls = new ArrayList<>();
  private boolean broken;

  /** Whoever is told of the end of the request may end the process. */
  @Test
  void anAnswerIsOutBeforeItsRequestIsOver() {
    PollResponse.send(stub(AsyncContext.class), 200, "text/plain", new byte[] {1, 2});
    assertEquals(List.of("setStatus", "byte", "byte", "flushBuffer", "complete"), calls);
    calls.clear();
    PollResponse.send(stub(AsyncContext.class), 204, null, new byte[0]);
    assertEquals(List.of("setStatus", "flushBuffer", "complete"), calls);
  }

  @Test
  void aRequestWhosePeerIsGoneIsCompletedToo() {
    broken = true;
    PollResponse.send(stub(AsyncContext.class), 200, "text/plain", new byte[] {1});
    assertEquals(List.of("setStatus", "byte", "flushBuffer", "complete"), calls);
  }

  private <T> T stub(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (STEPS.contains(method.getName())) {
                calls.add(method.getName());
              }
              if (broken && method.getName().equals("flushBuffer")) {
                throw new IOException("the peer is gone");
              }
              return switch (method.getName()) {
                case "getResponse" -> stub(HttpServletResponse.class);
                case "getOutputStream" -> new Body();
                default -> null;
              };
            }));
  }

  private final class Body extends ServletOutputStream {
    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setWriteListener(WriteListener listener) {}

    @Override
    public void write(int b) {
      calls.add("byte");
    }
  }
}
