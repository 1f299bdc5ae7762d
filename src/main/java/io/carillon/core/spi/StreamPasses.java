package io.carillon.core.spi;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Passes for the reconnects of streams after their one-time ticket was spent. An {@code
 * EventSource} repeats its URL, and with it the one-time ticket; the pass that was made when the
 * ticket was redeemed lets the same reader in again, on every instance. Blocking; throws {@link
 * LogUnavailableException} when the store cannot be reached.
 */
public interface StreamPasses {
  /**
   * A reader that comes with a ticket.
   *
   * @param cookie the secret that its browser keeps: the one it brought, or a new one
   * @param brought whether it brought that secret
   * @param place other distinguishing marks, such as its address
   * @param resumes whether it gives a cursor, that is, has read before
   */
  record TicketReader(String cookie, boolean brought, String place, boolean resumes) {
    @Override
    public String toString() {
      return "TicketReader[brought=" + brought + ", resumes=" + resumes + ']';
    }
  }

  /**
   * A good pass.
   *
   * @param claims the claims of the ticket
   * @param cookieLife until the last pass of this browser ends
   */
  record Pass(String claims, Duration cookieLife) {}

  /**
   * Makes a pass; call when the ticket was redeemed.
   *
   * @param life how long it is good for, by the store's time
   * @param end when it ends however often it is renewed, or null
   */
  Pass make(
      String ticket, String claims, TicketReader reader, Duration life, @Nullable Instant end);

  /**
   * Finds the pass of a spent ticket and renews it, up to its end. Accepted is a reader that brings
   * the pass's cookie; and, as long as that has never been brought, a reader that resumes from the
   * same place: not every reader keeps cookies, and of two that begin at once in a browser one
   * overwrites the other's.
   *
   * @param life how long it is good for from now on
   */
  Optional<Pass> renew(String ticket, TicketReader reader, Duration life);
}
