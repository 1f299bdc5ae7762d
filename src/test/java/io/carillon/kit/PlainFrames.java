package io.carillon.kit;

import io.carillon.core.Delivery;
import io.carillon.core.Reply;
import io.carillon.core.connection.Frame;
import io.carillon.core.connection.FrameEncoder;
import java.util.concurrent.atomic.AtomicInteger;

/** An encoding that leaves things as they are, and says what they weigh. Thread-safe. */
public final class PlainFrames implements FrameEncoder {
  private final AtomicInteger events = new AtomicInteger();

  /** Something on its way to a peer: a {@link Delivery} or a {@link Reply}. */
  public record PlainFrame(Object content, int size) implements Frame {}

  @Override
  public String protocol() {
    return "test";
  }

  @Override
  public Frame encode(Delivery delivery) {
    if (delivery instanceof Delivery.EventDelivery e) {
      events.incrementAndGet();
      if (e.event().name().equals("poison")) {
        throw new IllegalStateException("a codec that throws");
      }
      return new PlainFrame(delivery, 100 + e.event().content().weight());
    }
    return new PlainFrame(delivery, 100);
  }

  /** An answer. */
  public static Frame of(Reply reply) {
    return new PlainFrame(reply, 100);
  }

  /** How many events were encoded. */
  public int encodedEvents() {
    return events.get();
  }
}
