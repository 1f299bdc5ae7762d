package io.carillon.protocol.json;

import io.carillon.core.connection.FrameEncoder;
import io.carillon.protocol.Codec;
import io.carillon.protocol.Peer;
import io.carillon.protocol.Protocol;

/**
 * The protocol {@code carillon.v1}. A message is one JSON object with a {@code type}, or an array
 * of such objects, in both directions. It remembers nothing of a connection.
 */
public final class CarillonV1 implements Protocol {
  /** The name as a sub-protocol, and in {@code welcome}. */
  public static final String NAME = "carillon.v1";

  private final CarillonV1Encoder encoder = new CarillonV1Encoder();
  private final Codec codec = new CarillonV1Codec(encoder);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public FrameEncoder encoder() {
    return encoder;
  }

  @Override
  public Codec open(Peer peer) {
    return codec;
  }
}
