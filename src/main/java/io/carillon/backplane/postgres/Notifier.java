package io.carillon.backplane.postgres;

import io.carillon.backplane.postgres.NotificationPayload.Version;
import io.carillon.backplane.postgres.OutgoingSignal.Sealed;
import io.carillon.core.retry.Backoff;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Notifying task: sends what is queued, at once when idle and at most once in {@link
 * BackplaneTiming#ring()}. One connection. Levels and short signals are one transaction of nothing
 * but notifications; large signals follow in two more, so that they hold no doorbell up. The
 * content of a failed transaction is sent again: levels may be received twice, and a signal keeps
 * its seal, which is accepted once.
 */
final class Notifier implements Runnable {
  /** Greatest size of a sealed signal inside a notification; larger ones go through the table. */
  private static final int MAX_INLINE = 4096;

  private static final System.Logger LOG = System.getLogger(Notifier.class.getName());

  private final String me;
  private final Supplier<SignalCiphers> makeSeals;
  private final BackplaneTiming timing;
  private final NotifierQueue queue;
  private final BackplaneCounters counters;
  private final NotifySession session;
  private @Nullable SignalCiphers ciphers;
  private long large;
  private NotifierQueue.NotificationBatch unsent =
      new NotifierQueue.NotificationBatch(List.of(), List.of());

  Notifier(
      String me,
      Connector connector,
      Supplier<SignalCiphers> makeSeals,
      BackplaneTiming timing,
      NotifierQueue queue,
      BackplaneCounters counters) {
    this.me = me;
    this.makeSeals = makeSeals;
    this.timing = timing;
    this.queue = queue;
    this.counters = counters;
    this.session = new NotifySession(connector, timing, counters);
  }

  @Override
  public void run() {
    Backoff backoff = new Backoff(BackplaneTiming.FIRST_RETRY, timing.retry());
    try {
      boolean last = false;
      while (!last) {
        boolean closing = queue.closed();
        unsent = queue.take(timing.probe().toNanos());
        last = closing && unsent.isEmpty();
        try {
          ring(unsent);
          backoff.reset();
          queue.pause(timing.ring().toNanos());
        } catch (SQLException | RuntimeException | LinkageError e) {
          last = closing;
          failed(e);
          queue.pause(backoff.nextNanos());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      session.disconnect();
    }
  }

  private void failed(Throwable e) {
    counters.ringFailures.increment();
    counters.silent = true;
    queue.again(unsent);
    if (!queue.closed()) {
      LOG.log(System.Logger.Level.WARNING, "doorbells wait: {0}", e.getMessage());
    }
    session.recover(e);
  }

  private void ring(NotifierQueue.NotificationBatch batch) throws SQLException {
    if (batch.isEmpty()) {
      session.probe();
      return;
    }
    Connection c = session.connection();
    List<Sealed> inline = new ArrayList<>();
    List<OutgoingSignal> stored = new ArrayList<>();
    for (OutgoingSignal signal : batch.signals()) {
      List<Sealed> forms = sealed(signal);
      if (forms.getFirst().body() == null) {
        inline.addAll(forms);
      } else {
        stored.add(signal);
      }
    }
    List<String> texts = NotificationPayload.write(Version.ONE, me, batch.levels());
    texts.addAll(texts(inline));
    session.notify(c, texts);
    unsent = new NotifierQueue.NotificationBatch(List.of(), stored);
    if (!stored.isEmpty()) {
      List<Sealed> large = stored.stream().flatMap(signal -> sealed(signal).stream()).toList();
      session.store(c, large);
      session.notify(c, texts(large));
    }
    session.probeIfDue();
  }

  private List<String> texts(List<Sealed> signals) {
    List<String> texts = NotificationPayload.write(Version.TWO, me, items(signals, Version.TWO));
    texts.addAll(
        NotificationPayload.write(
            Version.ONE, me + SignalCiphers.COPY, items(signals, Version.ONE)));
    return texts;
  }

  private static List<Item> items(List<Sealed> signals, Version version) {
    return signals.stream().filter(w -> w.version() == version).map(Sealed::item).toList();
  }

  private List<Sealed> sealed(OutgoingSignal signal) {
    List<Sealed> forms = signal.sealed;
    if (forms == null) {
      SignalCiphers with = ciphers;
      if (with == null) {
        with = makeSeals.get();
        ciphers = with;
      }
      Sealed ours = seal(with, Version.TWO, me, signal.bytes);
      forms =
          with.older()
              ? List.of(ours, seal(with, Version.ONE, me + SignalCiphers.COPY, signal.bytes))
              : List.of(ours);
      signal.sealed = forms;
    }
    return forms;
  }

  private Sealed seal(SignalCiphers with, Version version, String sender, byte[] signal) {
    // 60 characters for the envelope of a seal, 4 for 3 bytes of the rest.
    if (signal.length / 3 * 4 + 60 <= MAX_INLINE) {
      String sealed = with.seal(version, sender, SignalRoute.INLINE, signal);
      return new Sealed(version, new Item.InlineSignal(sealed), null);
    }
    String id = me + '-' + Long.toString(++large, Character.MAX_RADIX);
    String sealed = with.seal(version, sender, SignalRoute.LARGE, signal);
    return new Sealed(version, new Item.LargeSignal(id), sealed);
  }
}
