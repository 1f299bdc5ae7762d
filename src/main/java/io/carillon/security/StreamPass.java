package io.carillon.security;

import com.nimbusds.jwt.SignedJWT;
import io.carillon.core.Identity;
import io.carillon.core.spi.ClusterSecrets;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The cookie that stands in for a spent ticket. A native EventSource comes back with the same URL,
 * and so with the same one-time ticket; the cookie that it was given at the first redeeming lets it
 * in again. It is worth something only together with that very ticket in the URL (so it cannot be
 * used from elsewhere and two tabs do not disturb each other), only for reading events, and not for
 * longer than the token behind it.
 */
final class StreamPass {
  private static final String PURPOSE = "carillon-stream";
  private static final String TICKET_CLAIM = "ticket";
  private static final String NAME_PREFIX = "carillon_stream_";
  private static final Duration LIFE = Duration.ofMinutes(15);
  private static final int MAX_COOKIE_LENGTH = 3800;

  private final OwnTokens tokens;
  private final Clock clock;

  StreamPass(ClusterSecrets secrets, SecureRandom random, Clock clock) {
    this.tokens = new OwnTokens(PURPOSE, secrets, random, clock);
    this.clock = clock;
  }

  /** Who the cookie that goes with this ticket belongs to, if there is a good one. */
  Optional<Identity> read(HttpServletRequest request, String ticket) {
    String digest = digest(ticket);
    String value = cookie(request, name(digest));
    if (value == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(tokens.verify(SignedJWT.parse(value), Map.of(TICKET_CLAIM, digest)));
    } catch (ParseException | BadTokenException notGood) {
      return Optional.empty();
    }
  }

  /** Sets or renews the cookie; one too large for a browser is left out. */
  void write(
      HttpServletRequest request, HttpServletResponse response, String ticket, Identity identity) {
    Instant now = clock.instant();
    Instant end = now.plus(LIFE);
    Instant tokenEnd = identity.expiresAt();
    if (tokenEnd != null && tokenEnd.isBefore(end)) {
      end = tokenEnd;
    }
    Instant issued = identity.issuedAt();
    String digest = digest(ticket);
    String value =
        tokens.issue(
            identity.user(),
            identity.grants(),
            issued == null ? Instant.EPOCH : issued,
            end,
            Map.of(TICKET_CLAIM, digest));
    if (value.length() <= MAX_COOKIE_LENGTH) {
      long seconds = Math.max(1, Duration.between(now, end).toSeconds());
      response.addHeader(
          "Set-Cookie",
          name(digest)
              + '='
              + value
              + "; Path=/api; Max-Age="
              + seconds
              + "; HttpOnly; SameSite=Strict"
              + (request.isSecure() ? "; Secure" : ""));
    }
  }

  private static @Nullable String cookie(HttpServletRequest request, String name) {
    Cookie[] cookies = request.getCookies();
    if (cookies != null) {
      for (Cookie cookie : cookies) {
        if (cookie.getName().equals(name)) {
          return cookie.getValue();
        }
      }
    }
    return null;
  }

  private static String name(String digest) {
    return NAME_PREFIX + digest.substring(0, 8);
  }

  private static String digest(String ticket) {
    try {
      byte[] bytes = ticket.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
