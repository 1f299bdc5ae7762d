package io.carillon.security;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.carillon.core.ErrorCode;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.spi.Issued;
import io.carillon.core.spi.TicketOffice;
import io.carillon.core.spi.Tickets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Issuer of one-time tickets: writes an identity into a ticket and reads it back when the ticket is
 * redeemed.
 */
public final class TicketDesk implements TicketOffice {
  private static final Duration LIFE = Duration.ofSeconds(30);
  private static final int MAX_CLAIMS = 8192;

  private final Tickets tickets;
  private final Clock clock;

  /** Makes the desk over a store. */
  public TicketDesk(Tickets tickets, Clock clock) {
    this.tickets = tickets;
    this.clock = clock;
  }

  @Override
  public Issued issue(Identity identity) {
    Map<String, Object> claims = new HashMap<>();
    claims.put("sub", identity.user());
    claims.put(GrantsClaim.NAME, GrantsClaim.write(identity.grants()));
    putMillis(claims, "iat", identity.issuedAt());
    putMillis(claims, "exp", identity.expiresAt());
    String text = JSONObjectUtils.toJSONString(claims);
    if (text.length() > MAX_CLAIMS) {
      throw new RefusedException(ErrorCode.TOO_LARGE);
    }
    Instant expires = clock.instant().plus(LIFE).truncatedTo(ChronoUnit.MILLIS);
    return new Issued(tickets.issue(text, LIFE), expires);
  }

  /**
   * A ticket that was good.
   *
   * @param claims what it carried, as {@link #read} reads it
   */
  record Redeemed(Identity identity, String claims) {}

  /**
   * Redeems a ticket, once.
   *
   * @return empty if it is unknown, used, too old, or the token behind it has ended
   */
  Optional<Redeemed> redeem(String ticket) {
    return tickets
        .redeem(ticket)
        .flatMap(claims -> read(claims).map(identity -> new Redeemed(identity, claims)));
  }

  /** Whose claims these are; empty if the token behind them has ended. */
  Optional<Identity> read(String text) {
    try {
      Map<String, Object> claims = JSONObjectUtils.parse(text);
      String user = JSONObjectUtils.getString(claims, "sub");
      if (user == null) {
        return Optional.empty();
      }
      Identity identity =
          new Identity(
              user,
              GrantsClaim.read(claims.get(GrantsClaim.NAME)),
              millis(claims, "iat"),
              millis(claims, "exp"));
      Instant expires = identity.expiresAt();
      boolean ended = expires != null && !clock.instant().isBefore(expires);
      return ended ? Optional.empty() : Optional.of(identity);
    } catch (ParseException | BadTokenException notOurs) {
      return Optional.empty();
    }
  }

  private static void putMillis(Map<String, Object> claims, String name, @Nullable Instant at) {
    if (at != null) {
      claims.put(name, at.toEpochMilli());
    }
  }

  private static @Nullable Instant millis(Map<String, Object> claims, String name) {
    return claims.get(name) instanceof Number millis
        ? Instant.ofEpochMilli(millis.longValue())
        : null;
  }
}
