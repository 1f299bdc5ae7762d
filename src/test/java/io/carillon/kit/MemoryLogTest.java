package io.carillon.kit;

import io.carillon.contract.EventLogContract;
import io.carillon.core.RoomName;
import io.carillon.core.spi.EventLog;

/** The log in memory keeps the contract that the real one keeps. */
class MemoryLogTest extends EventLogContract {
  private final MemoryLog log = new MemoryLog();
  private final EventLog here = log.at();
  private final EventLog there = log.at();

  MemoryLogTest() {
    here.onCommit((events, answer) -> committed.addAll(events));
  }

  @Override
  protected EventLog here() {
    return here;
  }

  @Override
  protected EventLog there() {
    return there;
  }

  @Override
  protected void newEpoch(RoomName room) {
    log.rewind(room, Long.MAX_VALUE);
  }

  @Override
  protected void removeUpTo(RoomName room, long seq) {
    log.raiseFloor(room, seq);
  }
}
