package io.carillon.mirror;

import io.carillon.core.Command;
import io.carillon.core.Delivery;
import io.carillon.core.Reply;
import io.carillon.core.connection.Frame;
import io.carillon.protocol.Codec;
import io.carillon.protocol.Decoded;
import io.carillon.protocol.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The codec of one mirror, without state. */
final class MirrorCodec implements Codec {
  @Override
  public List<Decoded> opened(Delivery.Welcome welcome) {
    return List.of();
  }

  @Override
  public List<Decoded> decode(Message message) {
    return List.of(new Decoded.Said(message));
  }

  @Override
  public @Nullable Frame encode(Reply reply, @Nullable Command command) {
    return null;
  }

  @Override
  public List<Message> join(List<Frame> frames) {
    return frames.stream().map(frame -> (Message) frame).toList();
  }
}
