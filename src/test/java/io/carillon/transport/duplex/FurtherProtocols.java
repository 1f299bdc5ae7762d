package io.carillon.transport.duplex;

import io.carillon.protocol.ProtocolRegistry;
import io.carillon.protocol.echo.EchoProtocol;
import io.carillon.protocol.json.CarillonV1;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;

/** The product's protocols and the echo, in an application that is deployed by a test. */
@Dependent
@Alternative
@Priority(1)
class FurtherProtocols {
  @Produces
  @Alternative
  @Priority(1)
  @Singleton
  ProtocolRegistry protocols() {
    return new ProtocolRegistry(List.of(new CarillonV1(), new EchoProtocol()));
  }
}
