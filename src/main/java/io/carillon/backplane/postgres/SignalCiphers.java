package io.carillon.backplane.postgres;

import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Ciphers of this version and, for as long as an instance of the previous version lives, of that
 * one. Not thread-safe: the notifier has one, and the listener.
 */
final class SignalCiphers {
  /** Suffix of the sender's name in the copies that are sent for the previous version. */
  static final String COPY = "-v1";

  private final SignalCipher cipher;
  private final PreviousSignalCipher old;
  private final BooleanSupplier older;

  /**
   * Creates both ciphers.
   *
   * @param secret the cluster's secret, at least 16 bytes
   * @param clock database time, as near as the instance knows it
   * @param older whether an instance of the version before may live; asked for each signal
   */
  SignalCiphers(byte[] secret, InstantSource clock, BooleanSupplier older) {
    this.cipher = new SignalCipher(secret, clock, System::nanoTime);
    this.old = new PreviousSignalCipher(secret);
    this.older = older;
  }

  boolean older() {
    return older.getAsBoolean();
  }

  String seal(
      NotificationPayload.Version version, String sender, SignalRoute route, byte[] signal) {
    return switch (version) {
      case ONE -> old.seal(sender, route, signal);
      case TWO -> cipher.seal(sender, route, signal);
    };
  }

  /** The signal, or null if it is not authentic. */
  byte @Nullable [] open(
      NotificationPayload.Version version, String sender, SignalRoute route, String sealed) {
    return switch (version) {
      case ONE -> older() ? old.open(sender, route, sealed) : null;
      case TWO -> cipher.open(sender, route, sealed);
    };
  }
}
