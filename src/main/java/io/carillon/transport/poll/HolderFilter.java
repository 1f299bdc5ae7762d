package io.carillon.transport.poll;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.Rejection;
import io.carillon.core.spi.HopOutcome;
import io.carillon.core.spi.Probe;
import io.carillon.protocol.Protocol;
import io.carillon.transport.request.RequestEnd;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Filter that hands a poll of an Engine.IO session to the instance which holds it, once. The name
 * of the session says which one that is ({@link SessionNames}). Everything else goes on: polls of
 * sessions that are here or of nobody, handshakes, and upgrades. To be mapped, with async support,
 * on a protocol's paths, after the filters that count what an address asks for and before the one
 * that looks at credentials: the holder looks at them.
 */
public final class HolderFilter implements Filter {
  /** Headers of a client that its holder is told. */
  private static final List<String> TOLD =
      List.of(
          "Accept",
          "Authorization",
          "Content-Encoding",
          "Content-Type",
          "Cookie",
          "Origin",
          "Sec-Fetch-Site",
          "User-Agent");

  /** Headers of an answer that its client is told; those of CORS and caches are set here. */
  private static final List<String> ANSWERED = List.of("Retry-After", "WWW-Authenticate");

  private static final Duration LATER = Duration.ofSeconds(5);
  private static final System.Logger LOG = System.getLogger(HolderFilter.class.getName());

  private final String own;
  private final Protocol protocol;
  private final HopClient client;
  private final Executor patient;
  private final Probe probe;

  /**
   * Makes the filter.
   *
   * @param own id of this instance
   * @param patient reads and writes bodies, which blocks: give virtual threads
   */
  public HolderFilter(
      String own, Protocol protocol, HopClient client, Executor patient, Probe probe) {
    this.own = own;
    this.protocol = protocol;
    this.client = client;
    this.patient = patient;
    this.probe = probe;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest http = (HttpServletRequest) request;
    Object sealed = http.getAttribute(HopEntrance.SEALED);
    if (Boolean.FALSE.equals(sealed)) {
      probe.forwarded(HopOutcome.FORGED);
      PollWork.start(
          http, patient, c -> PollResponse.refuse(c, EngineError.FORBIDDEN), HolderFilter::failed);
      return;
    }
    String holder = sealed == null ? holder(http) : null;
    if (holder == null) {
      chain.doFilter(request, response);
    } else {
      PollWork.start(http, patient, c -> forward(http, c, holder), HolderFilter::failed);
    }
  }

  /** The other instance that is to answer a request; null: this one is. */
  private @Nullable String holder(HttpServletRequest request) {
    EngineRequest asked;
    try {
      asked = EngineRequest.of(request);
    } catch (RefusedException notEncoded) {
      return null;
    }
    String session = asked.session();
    boolean poll = asked.method().equals("GET") || asked.method().equals("POST");
    if (session == null
        || !poll
        || asked.upgrade()
        || asked.error() != null
        || !protocol.paths().contains(asked.path())) {
      return null;
    }
    String holder = SessionNames.instance(session);
    return own.equals(holder) ? null : holder;
  }

  private void forward(HttpServletRequest request, AsyncContext carrier, String holder)
      throws IOException {
    byte[] body = null;
    if (request.getMethod().equals("POST")) {
      body = read(request);
      if (body == null) {
        PollResponse.send(
            carrier,
            HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE,
            "application/json",
            new byte[0]);
        return;
      }
    }
    RequestEnd end = RequestEnd.of(carrier);
    CompletableFuture<HopAnswer> answer = client.send(call(request, holder, body));
    end.then(() -> answer.cancel(true));
    var unused =
        answer.whenCompleteAsync(
            (got, gone) -> {
              if (got != null) {
                answer(carrier, got);
              }
            },
            patient);
  }

  /** The body of a POST; null: it is larger than the protocol allows. */
  private byte @Nullable [] read(HttpServletRequest request) throws IOException {
    int bound = protocol.maxMessage();
    if (request.getContentLengthLong() > bound) {
      return null;
    }
    try (InputStream in = request.getInputStream()) {
      byte[] body = in.readNBytes(bound + 1);
      return body.length > bound ? null : body;
    }
  }

  private static HopCall call(HttpServletRequest request, String holder, byte @Nullable [] body) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (String name : TOLD) {
      List<String> values = Collections.list(request.getHeaders(name));
      if (!values.isEmpty()) {
        headers.put(name, values);
      }
    }
    HopWord hop = new HopWord(holder, request.getRemoteAddr(), request.isSecure(), host(request));
    String target = HopCall.target(request.getRequestURI(), request.getQueryString());
    return new HopCall(hop, request.getMethod(), target, headers, body);
  }

  /** The host that the client asked for; over HTTP/2 only the container knows the name. */
  private static String host(HttpServletRequest request) {
    String host = request.getHeader("Host");
    String name = request.getServerName();
    if (host != null || name == null || name.isEmpty()) {
      return host == null ? "" : host;
    }
    boolean bare = name.indexOf(':') >= 0 && !name.startsWith("[");
    return (bare ? '[' + name + ']' : name) + ':' + request.getServerPort();
  }

  private static void answer(AsyncContext carrier, HopAnswer got) {
    switch (got.outcome()) {
      case ANSWERED -> {
        HttpServletResponse response = (HttpServletResponse) carrier.getResponse();
        for (String name : ANSWERED) {
          got.headers().firstValue(name).ifPresent(value -> response.setHeader(name, value));
        }
        String type = got.headers().firstValue("Content-Type").orElse(null);
        PollResponse.send(carrier, got.status(), type, got.body());
      }
      case FULL ->
          PollResponse.refuse(
              carrier,
              HttpServletResponse.SC_SERVICE_UNAVAILABLE,
              Rejection.retry(ErrorCode.OVERLOADED, LATER));
      case GONE, LATE, FORGED -> PollResponse.refuse(carrier, EngineError.SESSION_UNKNOWN);
    }
  }

  /** Answers a request that cannot be handed on as it is. */
  private static void failed(AsyncContext carrier, Exception failure) {
    LOG.log(Level.DEBUG, "a poll could not be handed on", failure);
    PollResponse.refuse(carrier, EngineError.BAD_REQUEST);
  }
}
