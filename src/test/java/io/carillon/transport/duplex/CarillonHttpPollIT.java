package io.carillon.transport.duplex;

import io.carillon.contract.CarillonDialect;
import io.carillon.contract.Wire;
import io.carillon.kit.InContainer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jspecify.annotations.Nullable;

@InContainer
class CarillonHttpPollIT extends ContainerProtocolContract {
  CarillonHttpPollIT() {
    super(new CarillonDialect());
  }

  @Deployment
  static WebArchive application() {
    return application(CarillonHttpPollIT.class);
  }

  @Override
  protected @Nullable Wire connect(@Nullable String token) {
    return HttpPollWire.open(http, address("http"), token);
  }
}
