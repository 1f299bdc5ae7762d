package io.carillon.transport.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.protocol.ProtocolRegistry;
import io.carillon.protocol.echo.EchoProtocol;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A request whose address is not encoded as it should be gets an error of its protocol. */
final class BadlyEncodedPollTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private int status;

  @Test
  void engineIoSaysBadRequest() throws Exception {
    EngineServlet servlet = new EngineServlet(null, new EchoProtocol(), null, Runnable::run);
    servlet.service(request("GET", "/echo/test", "EIO=4&transport=polling&t=%zz"), response());
    assertEquals(400, status);
    assertEquals(
        "{\"code\":3,\"message\":\"Bad request\"}", written.toString(StandardCharsets.UTF_8));
  }

  @Test
  void plainPollsSayBadFrame() {
    ProtocolRegistry protocols = new ProtocolRegistry(List.of(new EchoProtocol()));
    PollServlet servlet = new PollServlet(null, protocols, new SeparatedPacking(), Runnable::run);
    for (HttpServletRequest request :
        List.of(request("POST", "/echo/test", "a=%4"), request("POST", "/echo/%zz", "a=1"))) {
      status = 0;
      written.reset();
      servlet.doPost(request, response());
      assertEquals(400, status);
      String problem = written.toString(StandardCharsets.UTF_8);
      assertTrue(problem.contains("\"code\":\"bad_frame\""), problem);
    }
  }

  private HttpServletRequest request(String method, String path, String query) {
    AsyncContext carrier =
        stub(
            AsyncContext.class,
            (proxy, called, arguments) ->
                called.getName().equals("getResponse") ? response() : null);
    return stub(
        HttpServletRequest.class,
        (proxy, called, arguments) ->
            switch (called.getName()) {
              case "getMethod" -> method;
              case "getRequestURI" -> path;
              case "getContextPath" -> "";
              case "getQueryString" -> query;
              case "getHeaders" -> Collections.emptyEnumeration();
              case "startAsync" -> carrier;
              default -> null;
            });
  }

  private HttpServletResponse response() {
    return stub(
        HttpServletResponse.class,
        (proxy, called, arguments) -> {
          if (called.getName().equals("setStatus")) {
            status = (int) arguments[0];
          }
          return called.getName().equals("getOutputStream") ? new Body() : null;
        });
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
      written.write(b);
    }
  }

  private <T> T stub(Class<T> type, InvocationHandler calls) {
    return type.cast(
        Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {type}, calls));
  }
}
