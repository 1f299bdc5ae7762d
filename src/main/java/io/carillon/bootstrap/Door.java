package io.carillon.bootstrap;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reachability check of this instance's own port. It sends requests with a secret of this process
 * there until one arrives here: where the port was taken before, the server goes on without it, and
 * another process answers requests meant for this one.
 */
final class Door implements Filter {
  private static final String HEADER = "Carillon-Knock";
  private static final Set<String> ANYWHERE = Set.of("*", "0.0.0.0", "::", "");
  private static final int PATIENCE_MILLIS = 2000;
  private static final int LONGEST_ANSWER = 64 * 1024;

  /** Longest time for which another process may answer: the previous one may still be stopping. */
  static final Duration STRANGER = Duration.ofSeconds(60);

  /** Longest time until the port answers: the server opens its ports last. */
  static final Duration NOBODY = Duration.ofMinutes(5);

  private final String host;
  private final int port;
  private final String secret;
  private final LongSupplier nanos;
  private final long begun;
  private volatile boolean open;
  private @Nullable Long strangerSince;

  /** Result of the last knock. */
  enum KnockResult {
    /** The knock arrived: this instance answers at the port. */
    US,
    /** Another process answers at the port. */
    STRANGER,
    /** No answer. */
    NOBODY
  }

  /**
   * Creates a check.
   *
   * @param host the address that the server listens at, {@code *} for all
   * @param port its HTTP port; not positive: there is none, and nothing is asked
   * @param secret a secret of this process
   */
  Door(String host, int port, String secret, LongSupplier nanos) {
    this.host = host;
    this.port = port;
    this.secret = secret;
    this.nanos = nanos;
    this.begun = nanos.getAsLong();
    this.open = port <= 0;
  }

  /** Whether a knock has arrived; never false again. */
  boolean open() {
    return open;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!open
        && request instanceof HttpServletRequest http
        && secret.equals(http.getHeader(HEADER))) {
      open = true;
    }
    chain.doFilter(request, response);
  }

  /** Knocks once and waits for the answer; by one thread at a time. */
  KnockResult knock() {
    boolean answered = !open && answered();
    if (open) {
      return KnockResult.US;
    }
    long now = nanos.getAsLong();
    if (!answered) {
      strangerSince = null;
    } else if (strangerSince == null) {
      strangerSince = now;
    }
    return answered ? KnockResult.STRANGER : KnockResult.NOBODY;
  }

  /** The reason to give up; null: there is none. */
  @Nullable String hopeless() {
    long now = nanos.getAsLong();
    Long since = strangerSince;
    if (open) {
      return null;
    }
    if (since != null && now - since > STRANGER.toNanos()) {
      return "port " + port + " is taken: another process answers there";
    }
    return now - begun > NOBODY.toNanos() ? "nobody answers at port " + port : null;
  }

  private boolean answered() {
    try (Socket socket = new Socket()) {
      socket.connect(at(host, port), PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      String request =
          "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
              + HEADER
              + ": "
              + secret
              + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      try (InputStream in = socket.getInputStream()) {
        return in.readNBytes(LONGEST_ANSWER).length > 0;
      }
    } catch (IOException nobody) {
      return false;
    }
  }

  /** Whether a server that listens at this host listens at all addresses. */
  static boolean isAnywhere(String host) {
    return ANYWHERE.contains(host);
  }

  /** Where this process reaches a port of its own server. */
  static InetSocketAddress at(String host, int port) {
    return isAnywhere(host)
        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
        : new InetSocketAddress(host, port);
  }
}
