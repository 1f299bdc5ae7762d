package io.carillon.bootstrap;

import io.carillon.core.RoomName;
import io.carillon.core.Signal;
import io.carillon.core.cluster.InstanceCalls;
import io.carillon.core.connection.Disconnects;
import io.carillon.core.presence.Presence;
import io.carillon.core.room.RoomEvents;
import io.carillon.core.spi.Backplane;
import java.util.function.Consumer;

/**
 * Dispatcher of the other instances' messages to the parts of this one. Each call returns at once,
 * as the backplane asks.
 */
record PeerListener(
    RoomEvents rooms,
    Presence presence,
    Disconnects disconnects,
    Comparison comparison,
    InstanceCalls calls,
    Consumer<Signal> guests)
    implements Backplane.Listener {
  @Override
  public void rang(RoomName room, String epoch, long seq) {
    rooms.rang(room, epoch, seq);
  }

  @Override
  public void presenceRang(RoomName room, long revision) {
    presence.rang(room, revision);
  }

  @Override
  public void signalled(Signal signal) {
    if (!calls.heard(signal)) {
      rooms.signalled(signal);
      guests.accept(signal);
    }
  }

  @Override
  public void controlled(Backplane.Control control) {
    switch (control) {
      case Backplane.Control.Kick kick -> disconnects.heard(kick);
    }
  }

  @Override
  public void everything() {
    comparison.everything();
  }

  @Override
  public void missed() {
    comparison.missed();
  }
}
