package io.carillon.backplane.postgres;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Signal or control signal on its way out. Once it was sealed it stays as it is, so that a receiver
 * takes it once however often it is sent. Its mutable state is used by the notifier alone.
 */
final class OutgoingSignal {
  final byte[] bytes;
  final boolean control;
  final long since;
  @Nullable List<Sealed> sealed;

  /**
   * A signal in the form in which it travels.
   *
   * @param version of the seal
   * @param item what is notified
   * @param body what lies in the table meanwhile, or null if all of it is in the item
   */
  record Sealed(NotificationPayload.Version version, Item item, @Nullable String body) {}

  /**
   * Creates a signal; the first send seals it.
   *
   * @param control whether it is an order and not a signal
   * @param since when it was given, of the monotonic clock
   */
  OutgoingSignal(byte[] bytes, boolean control, long since) {
    this.bytes = bytes;
    this.control = control;
    this.since = since;
  }
}
