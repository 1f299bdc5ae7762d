package io.carillon.transport.duplex;

import io.carillon.contract.CarillonDialect;
import io.carillon.contract.MemoryProtocolContract;
import io.carillon.contract.Wire;
import io.carillon.core.Identity;
import io.carillon.protocol.Protocol;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

final class CarillonLinkTest extends MemoryProtocolContract {
  CarillonLinkTest() {
    super(new CarillonDialect());
  }

  @Override
  protected @Nullable Wire connect(Protocol protocol, @Nullable Principal principal) {
    Identity who = links.admit(protocol, principal);
    return who == null ? null : MemoryWire.open(links, protocol, who, instance.threads);
  }
}
