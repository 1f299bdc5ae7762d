package io.carillon.transport.duplex;

import io.carillon.contract.EchoDialect;
import io.carillon.contract.MemoryProtocolContract;
import io.carillon.contract.Wire;
import io.carillon.core.Identity;
import io.carillon.protocol.Protocol;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

final class EchoLinkTest extends MemoryProtocolContract {
  EchoLinkTest() {
    super(new EchoDialect());
  }

  @Override
  protected @Nullable Wire connect(Protocol protocol, @Nullable Principal principal) {
    Identity who = links.admit(protocol, principal);
    return who == null ? null : MemoryWire.open(links, protocol, who, instance.threads);
  }
}
