package io.carillon.core.spi;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Passes with which readers of streams come back after their ticket was spent. An {@code
 * EventSource} repeats its URL, and with it the one-time ticket; the pass that was made when the
 * ticket was redeemed lets the same reader in again, on every instance. Blocking; throws {@link
 * LogUnavailableException} when the store cannot be reached.
 */
public interface StreamPasses {
  /**
   * A reader that comes with a ticket.
   *
   * @param cookie the secret that its browser keeps: what it brought, or what it is given now
   * @param brought whether it brought that secret
   * @param place what else tells it from others, as its address
   * @param resumes whether it says up to where it has read, so that it has read before
   */
  record Reader(String cookie, boolean brought, String place, boolean resumes) {
    @Override
    public String toString() {
      return "Reader[brought=" + brought + ", resumes=" + resumes + ']';
    }
  }

  /**
   * A good pass.
   *
   * @param claims what the ticket carried
   * @param cookieLife until the last pass of this browser ends
   */
  record Pass(String claims, Duration cookieLife) {}

  /**
   * Makes a pass; call when the ticket was redeemed.
   *
   * @param life how long it is good for, by the store's time
   * @param end when it ends however often it is renewed, or null
   */
  Pass make(String ticket, String claims, Reader reader, Duration life, @Nullable Instant end);

  /**
   * Finds the pass of a spent ticket and renews it, up to its end. Accepted is a reader that brings
   * the pass's cookie; and, as long as that has never been brought, a reader that resumes from the
   * same place: not every reader keeps cookies, and of two that begin at once in a browser one
   * overwrites the other's.
   *
   * @param life how long it is good for from now on
   */
  Optional<Pass> renew(String ticket, Reader reader, Duration life);
}
