package io.carillon.security;

import io.carillon.core.Identity;
import io.carillon.core.spi.StreamPasses;
import io.carillon.core.spi.StreamPasses.Pass;
import io.carillon.core.spi.StreamPasses.TicketReader;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Return of a stream's reader with a spent ticket. A native EventSource repeats its URL, and so its
 * one-time ticket; the pass that was kept when the ticket was redeemed lets it in again, for 15
 * minutes from each return on, up to the end of the token behind it.
 *
 * <p>One cookie a browser, however many tickets and users: it holds nothing but a random number, is
 * worth something only together with a ticket in the URL that was redeemed with it, and only for
 * reading events. It goes to the whole host, for behind a proxy the path that the browser asked for
 * is not ours to know. A reader without cookies is known by its address and what it calls itself,
 * if it says where it was.
 */
final class StreamPass {
  static final String COOKIE = "carillon_stream";

  private static final Duration LIFE = Duration.ofMinutes(15);
  private static final int SECRET_BYTES = 32;
  private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{43}");

  private final StreamPasses passes;
  private final TicketDesk tickets;
  private final SecureRandom random;

  StreamPass(StreamPasses passes, TicketDesk tickets, SecureRandom random) {
    this.passes = passes;
    this.tickets = tickets;
    this.random = random;
  }

  /**
   * The identity of the reader that comes back with this spent ticket, if it may; sets the cookie
   * anew.
   */
  Optional<Identity> again(
      HttpServletRequest request, HttpServletResponse response, String ticket, boolean resumes) {
    TicketReader reader = reader(request, resumes);
    Optional<Pass> pass = passes.renew(ticket, reader, LIFE);
    Optional<Identity> identity = pass.flatMap(p -> tickets.read(p.claims()));
    if (identity.isPresent()) {
      set(request, response, reader, pass.orElseThrow());
    }
    return identity;
  }

  /** Makes a pass for the reader that has just redeemed this ticket, and sets the cookie. */
  void keep(
      HttpServletRequest request,
      HttpServletResponse response,
      String ticket,
      TicketDesk.Redeemed redeemed) {
    TicketReader reader = reader(request, false);
    set(
        request,
        response,
        reader,
        passes.make(ticket, redeemed.claims(), reader, LIFE, redeemed.identity().expiresAt()));
  }

  private TicketReader reader(HttpServletRequest request, boolean resumes) {
    String brought = cookie(request);
    String agent = request.getHeader("User-Agent");
    String place = request.getRemoteAddr() + '\n' + (agent == null ? "" : agent);
    return new TicketReader(brought == null ? secret() : brought, brought != null, place, resumes);
  }

  private String secret() {
    byte[] bits = new byte[SECRET_BYTES];
    random.nextBytes(bits);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
  }

  private static void set(
      HttpServletRequest request, HttpServletResponse response, TicketReader reader, Pass pass) {
    response.addHeader(
        "Set-Cookie",
        COOKIE
            + '='
            + reader.cookie()
            + "; Path=/; Max-Age="
            + Math.max(1, pass.cookieLife().toSeconds())
            + "; HttpOnly; SameSite=Strict"
            + (request.isSecure() ? "; Secure" : ""));
  }

  private static @Nullable String cookie(HttpServletRequest request) {
    return Cookies.named(request, COOKIE).stream()
        .filter(value -> SECRET.matcher(value).matches())
        .findFirst()
        .orElse(null);
  }
}
