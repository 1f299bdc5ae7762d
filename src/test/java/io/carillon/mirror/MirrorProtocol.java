package io.carillon.mirror;

import io.carillon.core.CloseCode;
import io.carillon.core.Delivery;
import io.carillon.core.connection.Farewell;
import io.carillon.core.connection.Frame;
import io.carillon.core.connection.FrameEncoder;
import io.carillon.core.connection.Liveness;
import io.carillon.protocol.Codec;
import io.carillon.protocol.Message;
import io.carillon.protocol.Peer;
import io.carillon.protocol.Protocol;
import jakarta.enterprise.context.Dependent;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bare sockets at {@code /mirror}: every message comes back as it is, text or bytes. */
@Dependent
public class MirrorProtocol implements Protocol, FrameEncoder {
  /** Largest message in bytes. */
  public static final int MAX_MESSAGE = 1024 * 1024;

  private static final Duration LONG = Duration.ofHours(1);
  private static final Message NOTHING = new Message.Text("");

  @Override
  public String name() {
    return "mirror";
  }

  @Override
  public String protocol() {
    return name();
  }

  @Override
  public List<String> subprotocols() {
    return List.of();
  }

  @Override
  public List<String> paths() {
    return List.of("/mirror");
  }

  @Override
  public Admission admission() {
    return Admission.ANYBODY;
  }

  @Override
  public int maxMessage() {
    return MAX_MESSAGE;
  }

  @Override
  public Liveness liveness(Duration heartbeat) {
    return new Liveness(LONG, true, Duration.ZERO);
  }

  @Override
  public FrameEncoder encoder() {
    return this;
  }

  @Override
  public Codec open(Peer peer) {
    return new MirrorCodec();
  }

  @Override
  public Frame encode(Delivery delivery) {
    return NOTHING;
  }

  @Override
  public Farewell farewell(CloseCode code, String reason, Delivery.@Nullable Goodbye goodbye) {
    return new Farewell(List.of(), code.code(), reason);
  }
}
