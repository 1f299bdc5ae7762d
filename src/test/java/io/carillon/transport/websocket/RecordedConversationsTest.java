package io.carillon.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.CloseCode;
import io.carillon.core.Delivery;
import io.carillon.core.Identity;
import io.carillon.core.connection.Connection;
import io.carillon.core.connection.Frame;
import io.carillon.core.connection.FrameSink;
import io.carillon.core.connection.Liveness;
import io.carillon.kit.Conversation;
import io.carillon.kit.MemoryInstance;
import io.carillon.protocol.Protocol;
import io.carillon.protocol.json.CarillonV1;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
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
    Connection connection =
        instance.connections.open(
            who,
            protocol.encoder(),
            new Sink(party),
            instance.threads,
            new Liveness(HEARTBEAT, true, Duration.ZERO));
    connection.deliver(
        new Delivery.Welcome(connection.id(), who.user(), HEARTBEAT, who.expiresAt()));
    SocketLink link =
        new SocketLink(
            connection, null, protocol, instance.commands, 512 * 1024, new Semaphore(64));
    return new Conversation.Link() {
      @Override
      public void text(String message) {
        link.text(message);
      }

      @Override
      public void bytes(byte[] message) {
        link.notText();
      }
    };
  }

  private final class Sink implements FrameSink {
    private final Conversation.Party party;

    Sink(Conversation.Party party) {
      this.party = party;
    }

    @Override
    public void write(List<Frame> frames, Written done) {
      frames.forEach(frame -> protocol.join(List.of(frame)).forEach(party::got));
      done.ended(true);
    }

    @Override
    public void close(CloseCode code, String reason) {
      party.closed(code.code(), reason);
    }
  }
}
