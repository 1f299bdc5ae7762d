package io.carillon.transport.duplex;

import io.carillon.contract.CarillonDialect;
import io.carillon.contract.Wire;
import io.carillon.kit.InContainer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jspecify.annotations.Nullable;

@InContainer
class CarillonSocketIT extends ContainerProtocolContract {
  CarillonSocketIT() {
    super(new CarillonDialect());
  }

  @Deployment
  static WebArchive application() {
    return application(CarillonSocketIT.class);
  }

  @Override
  protected @Nullable Wire connect(@Nullable String token) {
    return SocketWire.open(http, address("ws"), dialect().protocol(), token);
  }
}
