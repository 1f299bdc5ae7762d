package io.carillon.core.connection;

import io.carillon.core.Delivery;
import java.util.Objects;

/**
 * One delivery for many connections, encoded once per encoding. Thread-safe; two threads that ask
 * for a new encoding at the same time may both encode, with the same result.
 */
public final class SharedDelivery {
  private final Delivery delivery;
  private volatile Encoded[] encoded = new Encoded[0];

  private record Encoded(FrameEncoder by, Frame frame) {}

  /** Wraps a delivery; nothing is encoded yet. */
  public SharedDelivery(Delivery delivery) {
    this.delivery = Objects.requireNonNull(delivery);
  }

  /** What is delivered. */
  public Delivery delivery() {
    return delivery;
  }

  /** The frame in the encoder's encoding, made at the first call. */
  public Frame frame(FrameEncoder encoder) {
    Encoded[] known = encoded;
    for (Encoded e : known) {
      if (e.by.equals(encoder)) {
        return e.frame;
      }
    }
    Frame frame = encoder.encode(delivery);
    Encoded[] more = new Encoded[known.length + 1];
    System.arraycopy(known, 0, more, 0, known.length);
    more[known.length] = new Encoded(encoder, frame);
    encoded = more;
    return frame;
  }
}
