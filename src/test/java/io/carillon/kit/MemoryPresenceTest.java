package io.carillon.kit;

import io.carillon.contract.PresenceStoreContract;
import io.carillon.core.spi.PresenceStore;

/** What tests take for a presence store must be one. */
class MemoryPresenceTest extends PresenceStoreContract {
  private final MemoryPresence presence = new MemoryPresence(new ManualTime());

  @Override
  protected PresenceStore as(String instance) {
    return presence.at(instance);
  }

  @Override
  protected void expire(String instance) {
    presence.expire(instance);
  }
}
