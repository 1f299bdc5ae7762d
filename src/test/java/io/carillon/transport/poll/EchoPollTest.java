package io.carillon.transport.poll;

import io.carillon.contract.EchoDialect;
import io.carillon.contract.MemoryProtocolContract;
import io.carillon.contract.Wire;
import io.carillon.core.RefusedException;
import io.carillon.protocol.Peer;
import io.carillon.protocol.Protocol;
import java.security.Principal;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

final class EchoPollTest extends MemoryProtocolContract {
  private final AtomicInteger ids = new AtomicInteger();
  private final Polls polls =
      new Polls(
          links, instance.threads, () -> "p" + ids.incrementAndGet(), instance.time::nanos, 9);

  EchoPollTest() {
    super(new EchoDialect());
  }

  @Override
  protected @Nullable Wire connect(Protocol protocol, @Nullable Principal principal) {
    try {
      Peer peer = new Peer(protocol.paths().getFirst(), Map.of("app", "memory"), Map.of());
      return MemoryPollWire.open(polls.open(protocol, peer, principal), instance.threads);
    } catch (RefusedException refused) {
      return null;
    }
  }
}
