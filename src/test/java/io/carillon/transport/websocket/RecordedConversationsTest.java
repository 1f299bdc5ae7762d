package io.carillon.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.CloseCode;
import io.carillon.core.Identity;
import io.carillon.core.connection.Farewell;
import io.carillon.core.connection.Frame;
import io.carillon.core.connection.FrameSink;
import io.carillon.kit.Conversation;
import io.carillon.kit.MemoryInstance;
import io.carillon.protocol.Codec;
import io.carillon.protocol.Message;
import io.carillon.protocol.Peer;
import io.carillon.protocol.Protocol;
import io.carillon.protocol.json.CarillonV1;
import io.carillon.transport.duplex.DuplexLink;
import io.carillon.transport.duplex.Links;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * {@code carillon.v1} says today what it said when these conversations were recorded, byte for
 * byte: a change of what is behind the protocol does not change the protocol.
 */
final class RecordedConversationsTest {
  private static final Duration HEARTBEAT = Duration.ofSeconds(20);

  private final Protocol protocol = new CarillonV1();

  @TestFactory
  Stream<DynamicTest> whatWasSaidIsSaidStill() {
    List<Path> files = Conversation.all();
    assertTrue(files.size() >= 10, files::toString);
    return files.stream()
        .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> play(file)));
  }

  private void play(Path file) {
    try (MemoryInstance instance = new MemoryInstance()) {
      Conversation.play(file, instance, (who, party) -> open(instance, who, party));
    }
  }

  private Conversation.Link open(MemoryInstance instance, Identity who, Conversation.Party party) {
    Codec codec = protocol.open(new Peer(Protocol.SOCKET, Map.of(), Map.of()));
    Links links =
        new Links(
            instance.connections,
            instance.commands,
            instance.threads,
            HEARTBEAT,
            Links.LinkLimits.DEFAULTS);
    DuplexLink link = links.open(protocol, codec, who, new Sink(codec, party), instance.threads);
    return new Conversation.Link() {
      @Override
      public void text(String message) {
        link.receive(new Message.Text(message));
      }

      @Override
      public void bytes(byte[] message) {
        link.receive(new Message.Bytes(message));
      }
    };
  }

  private record Sink(Codec codec, Conversation.Party party) implements FrameSink {
    @Override
    public void write(List<Frame> frames, Written done) {
      for (Frame frame : frames) {
        codec.join(List.of(frame)).forEach(message -> party.got(message.toString()));
      }
      done.ended(true);
    }

    @Override
    public void close(CloseCode code, Farewell farewell, Runnable closed) {
      party.closed(farewell.code(), farewell.reason());
    }
  }
}
