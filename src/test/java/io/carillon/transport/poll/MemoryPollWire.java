package io.carillon.transport.poll;

import io.carillon.contract.Wire;
import io.carillon.core.connection.Farewell;
import io.carillon.protocol.Message;
import java.util.List;
import java.util.concurrent.Executor;

/** A client that polls in one process: it asks again as soon as it was answered. */
final class MemoryPollWire extends Wire implements DuplexPoll.Waiter {
  private final DuplexPoll poll;
  private final Executor threads;
  private volatile boolean gone;

  private MemoryPollWire(DuplexPoll poll, Executor threads) {
    this.poll = poll;
    this.threads = threads;
  }

  static MemoryPollWire open(DuplexPoll poll, Executor threads) {
    MemoryPollWire wire = new MemoryPollWire(poll, threads);
    wire.ask();
    return wire;
  }

  private void ask() {
    if (!gone) {
      threads.execute(() -> poll.get(this));
    }
  }

  @Override
  public void messages(List<Message> messages) {
    messages.forEach(this::heard);
    ask();
  }

  @Override
  public void closed(Farewell farewell) {
    ended(farewell.code(), farewell.reason());
  }

  @Override
  public void superseded() {
    throw new AssertionError("it asks one time after another");
  }

  @Override
  public void send(Message message) {
    if (!poll.post(List.of(message))) {
      throw new AssertionError("it posts one time after another");
    }
  }

  @Override
  public void close() {
    gone = true;
    poll.forget(this);
  }
}
