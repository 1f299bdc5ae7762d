package io.carillon.security;

import io.carillon.core.ErrorCode;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.Rejection;
import io.carillon.core.json.ProblemText;
import io.carillon.core.spi.Credentials;
import io.carillon.core.spi.LogUnavailableException;
import io.carillon.core.spi.StreamPasses;
import io.carillon.core.spi.UncheckedPrincipal;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Authentication filter before every socket, stream and call: takes the bearer token, else the
 * cookie {@code carillon_token}, else the one-time ticket. The first one present decides, good or
 * bad. To be mapped, with async support, on the sockets and on {@code /api/*} before every other
 * filter that looks at the user.
 *
 * <p>What goes on has a {@link io.carillon.core.spi.CarillonPrincipal} and no session; where no
 * credential is needed, a principal that is none of these.
 */
public final class CredentialFilter implements Filter {
  /** The cookie with the token. */
  public static final String TOKEN_COOKIE = "carillon_token";

  private static final System.Logger LOG = System.getLogger(CredentialFilter.class.getName());
  private static final String BEARER = "bearer ";

  private static final String TOO_LONG =
      ProblemText.of(
          HttpServletResponse.SC_REQUEST_URI_TOO_LONG,
          Rejection.of(ErrorCode.TOO_LARGE),
          "The request line is too long; POST /api/streams takes rooms in its body.");

  private final Credentials credentials;
  private final TicketDesk tickets;
  private final RevocationList revocations;
  private final StreamPass passes;
  private final Origins origins;
  private final PathRules paths;

  /**
   * Which paths are not like others; given without the application's own part.
   *
   * @param socket whether there is a socket: who opens it may use a ticket there
   * @param polled whether other requests than upgrades belong there too
   * @param open whether who has no credential goes on without one; a bad one is refused all the
   *     same
   */
  public record PathRules(
      Predicate<String> socket, Predicate<String> open, Predicate<String> polled) {
    /** Where no path of a socket is polled. */
    public PathRules(Predicate<String> socket, Predicate<String> open) {
      this(socket, open, path -> false);
    }
  }

  /** Puts the filter together. */
  public CredentialFilter(
      SecuritySettings settings,
      Credentials credentials,
      TicketDesk tickets,
      StreamPasses passes,
      RevocationList revocations,
      SecureRandom random,
      PathRules paths) {
    this.credentials = credentials;
    this.tickets = tickets;
    this.revocations = revocations;
    this.passes = new StreamPass(passes, tickets, random);
    this.origins = new Origins(settings);
    this.paths = paths;
  }

  @Override
  public void doFilter(ServletRequest servletRequest, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest request = (HttpServletRequest) servletRequest;
    if (RequestLine.tooLong(request)) {
      ProblemResponse.send(
          (HttpServletResponse) response, HttpServletResponse.SC_REQUEST_URI_TOO_LONG, TOO_LONG);
      return;
    }
    HttpServletRequest admitted;
    try {
      Identity identity = admit(request, (HttpServletResponse) response);
      admitted =
          new AuthenticatedRequest(
              request,
              identity == null
                  ? new StrangerPrincipal(request.getRemoteAddr())
                  : new RequestPrincipal(identity, request.getRemoteAddr()));
    } catch (RefusedException refused) {
      Rejection rejection = refused.rejection();
      if (rejection.code().status() == HttpServletResponse.SC_SERVICE_UNAVAILABLE) {
        notNow(request, (HttpServletResponse) response, chain, rejection);
      } else {
        refuse((HttpServletResponse) response, rejection);
      }
      return;
    } catch (LogUnavailableException unavailable) {
      LOG.log(System.Logger.Level.WARNING, "a credential could not be checked", unavailable);
      notNow(request, (HttpServletResponse) response, chain, Rejection.of(ErrorCode.STORAGE));
      return;
    } catch (RuntimeException defect) {
      LOG.log(System.Logger.Level.ERROR, "a credential could not be checked", defect);
      notNow(request, (HttpServletResponse) response, chain, Rejection.of(ErrorCode.OVERLOADED));
      return;
    }
    chain.doFilter(admitted, response);
  }

  /**
   * Answers a request whose credential cannot be checked now. A reader of events goes on with an
   * {@link io.carillon.core.spi.UncheckedPrincipal}, to be told so in the form that it understands:
   * a browser never retries a stream that is answered with another status than 200.
   */
  private static void notNow(
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain,
      Rejection rejection)
      throws IOException, ServletException {
    if (RequestLine.of(request).readsEvents()) {
      chain.doFilter(
          new AuthenticatedRequest(request, new UncheckedPrincipal(rejection)), response);
    } else {
      refuse(response, rejection);
    }
  }

  /**
   * The identity of a good credential; null for the call that makes a credential, and where none is
   * needed.
   */
  private @Nullable Identity admit(HttpServletRequest request, HttpServletResponse response) {
    RequestLine line = RequestLine.of(request);
    if (line.hasPathParameter()) {
      throw new RefusedException(ErrorCode.BAD_ROOM);
    }
    if (line.tokenInQuery()) {
      throw new RefusedException(ErrorCode.BAD_FRAME);
    }
    Identity identity = null;
    if (line.demoToken()) {
      if (!origins.allowAnybody(request)) {
        throw origins.refusal(request);
      }
    } else {
      identity = identity(request, response, line);
      if (identity != null && revocations.refuses(identity)) {
        throw unauthenticated();
      }
    }
    Enumeration<String> encodings = request.getHeaders("Content-Encoding");
    while (encodings != null && encodings.hasMoreElements()) {
      if (!encodings.nextElement().strip().equalsIgnoreCase("identity")) {
        throw new RefusedException(ErrorCode.UNSUPPORTED);
      }
    }
    if (line.hasBadRoom()) {
      throw new RefusedException(ErrorCode.BAD_ROOM);
    }
    return identity;
  }

  private @Nullable Identity identity(
      HttpServletRequest request, HttpServletResponse response, RequestLine line) {
    boolean socket = paths.socket.test(line.path());
    String bearer = bearer(request);
    if (bearer != null) {
      return credentials.verify(bearer);
    }
    String cookie = one(Cookies.named(request, TOKEN_COOKIE));
    if (cookie != null) {
      if (!origins.allowCookie(request, socket && upgrades(request, line))) {
        throw origins.refusal(request);
      }
      return credentials.verify(cookie);
    }
    String ticket = line.ticket();
    if (ticket == null && paths.open.test(line.path())) {
      return null;
    }
    if (ticket == null || ticket.isEmpty()) {
      throw unauthenticated();
    }
    if (socket) {
      return tickets.redeem(ticket).orElseThrow(CredentialFilter::unauthenticated).identity();
    }
    if (line.readsEvents()) {
      return byTicket(request, response, ticket, line.resumes());
    }
    throw unauthenticated();
  }

  /** Whether a request to a socket's path opens one. */
  private boolean upgrades(HttpServletRequest request, RequestLine line) {
    return request.getHeader("Upgrade") != null || !paths.polled.test(line.path());
  }

  private Identity byTicket(
      HttpServletRequest request, HttpServletResponse response, String ticket, boolean resumes) {
    Optional<TicketDesk.Redeemed> first = tickets.redeem(ticket);
    if (first.isEmpty()) {
      Optional<Identity> again =
          origins.allowOrigin(request)
              ? passes.again(request, response, ticket, resumes)
              : Optional.empty();
      return again.orElseThrow(CredentialFilter::unauthenticated);
    }
    Identity identity = first.get().identity();
    if (!revocations.refuses(identity)) {
      passes.keep(request, response, ticket, first.get());
    }
    return identity;
  }

  /** The bearer token, or null if no header of that scheme is there. */
  private static @Nullable String bearer(HttpServletRequest request) {
    Enumeration<String> headers = request.getHeaders("Authorization");
    List<String> tokens = new ArrayList<>(1);
    while (headers != null && headers.hasMoreElements()) {
      String header = headers.nextElement().strip();
      if (header.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
        tokens.add(header.substring(BEARER.length()).strip());
      } else if (header.equalsIgnoreCase(BEARER.strip())) {
        tokens.add("");
      }
    }
    return one(tokens);
  }

  /**
   * The only value; several that differ may have been planted by another site, so none of them
   * counts.
   */
  private static @Nullable String one(List<String> tokens) {
    if (tokens.isEmpty()) {
      return null;
    }
    if (tokens.stream().distinct().count() > 1) {
      throw unauthenticated();
    }
    return tokens.get(0);
  }

  private static RefusedException unauthenticated() {
    return new RefusedException(ErrorCode.UNAUTHENTICATED);
  }

  private static void refuse(HttpServletResponse response, Rejection rejection) throws IOException {
    if (rejection.code() == ErrorCode.UNAUTHENTICATED) {
      response.setHeader("WWW-Authenticate", "Bearer realm=\"carillon\"");
    }
    ProblemResponse.refuse(response, rejection);
  }
}
