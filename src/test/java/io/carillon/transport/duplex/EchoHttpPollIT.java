package io.carillon.transport.duplex;

import io.carillon.contract.EchoDialect;
import io.carillon.contract.Wire;
import io.carillon.kit.InContainer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jspecify.annotations.Nullable;

@InContainer
class EchoHttpPollIT extends ContainerProtocolContract {
  EchoHttpPollIT() {
    super(new EchoDialect());
  }

  @Deployment
  static WebArchive application() {
    return application(EchoHttpPollIT.class);
  }

  @Override
  protected @Nullable Wire connect(@Nullable String token) {
    return HttpPollWire.open(http, address("http"), token);
  }
}
