package io.carillon.backplane.postgres;

import io.carillon.core.RoomName;
import io.carillon.core.Signal;
import io.carillon.core.spi.Backplane;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Backplane over LISTEN and NOTIFY. Without a database, without the right to LISTEN or behind a
 * proxy that swallows notifications it is not {@link #connected()} and goes on trying; nothing else
 * stops.
 */
public final class PostgresBackplane implements Backplane {
  private static final int MAX_NAME = 48;

  private final String me;
  private final Connector connector;
  private final Supplier<SignalCiphers> ciphers;
  private final BackplaneTiming timing;
  private final Executor executor;
  private final BackplaneCounters counters = new BackplaneCounters();
  private final NotifierQueue queue = new NotifierQueue(counters, System::nanoTime);
  private final AtomicReference<@Nullable NotificationListener> notificationListener =
      new AtomicReference<>();

  /**
   * Counters since the start.
   *
   * @param rings notifying transactions
   * @param ringFailures rings that failed; what they had to say was said later
   * @param listens how often listening began
   * @param malformed arrivals that are not of this version, or not ours at all
   * @param forged sealed signals whose seal was not good, or that were sent a second time or late
   * @param dropped signals and control signals that could not be sent or read in time
   * @param queueUsage how full the cluster's notification queue was at the last look, 0 to 1
   */
  public record Counts(
      long rings,
      long ringFailures,
      long listens,
      long malformed,
      long forged,
      long dropped,
      double queueUsage) {}

  /**
   * Creates a backplane; {@link #start} connects it.
   *
   * @param instance this instance's name, 1–48 of {@code A–Z a–z 0–9 _ -}; another one after each
   *     start, since the order of sealed signals is counted per name
   * @param connector opens the two connections
   * @param key the secret of all instances over this database, at least 16 bytes; asked on the
   *     tasks' threads (may block) until it answers without throwing
   * @param clock database time, as near as the instance knows it
   * @param older whether an instance of the version before may live, to which signals are sent in
   *     its form too; asked often
   * @param executor runs two tasks for as long as the backplane lives
   */
  public PostgresBackplane(
      String instance,
      Connector connector,
      Supplier<byte[]> key,
      InstantSource clock,
      BooleanSupplier older,
      BackplaneTiming timing,
      Executor executor) {
    if (!NotificationPayload.isName(instance) || instance.length() > MAX_NAME) {
      throw new IllegalArgumentException("not a name for an instance");
    }
    this.me = instance;
    this.connector = connector;
    this.ciphers = () -> new SignalCiphers(key.get(), clock, older);
    this.timing = timing;
    this.executor = executor;
  }

  @Override
  public void start(Listener listener) {
    NotificationListener task =
        new NotificationListener(me, connector, ciphers, timing, listener, queue, counters);
    if (!notificationListener.compareAndSet(null, task)) {
      throw new IllegalStateException("started already");
    }
    executor.execute(new Notifier(me, connector, ciphers, timing, queue, counters));
    executor.execute(task);
  }

  @Override
  public void ring(RoomName room, String epoch, long seq) {
    queue.add(new Item.LogPosition(room, epoch, seq));
  }

  @Override
  public void ringPresence(RoomName room, long revision) {
    queue.add(new Item.PresenceRevision(room, revision));
  }

  @Override
  public void send(Signal signal) {
    queue.addSignal(SignalCodec.write(signal));
  }

  @Override
  public void send(Control control) {
    queue.addControl(SignalCodec.write(control));
  }

  @Override
  public boolean connected() {
    NotificationListener task = notificationListener.get();
    return task != null && task.connected() && !counters.silent();
  }

  /** The counters; cheap. */
  public Counts counts() {
    return counters.counts();
  }

  /** Ends both tasks; what still waits is sent once more if the database answers. */
  @Override
  public void close() {
    queue.close();
    NotificationListener task = notificationListener.get();
    if (task != null) {
      task.interrupt();
    }
  }
}
