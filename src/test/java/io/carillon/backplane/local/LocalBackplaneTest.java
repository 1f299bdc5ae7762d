package io.carillon.backplane.local;

import io.carillon.contract.BackplaneContract;
import io.carillon.core.spi.Backplane;

class LocalBackplaneTest extends BackplaneContract {
  private final LocalHub hub = new LocalHub();

  @Override
  protected Backplane make() {
    return new LocalBackplane(hub, executor);
  }
}
