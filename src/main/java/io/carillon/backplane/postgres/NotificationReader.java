package io.carillon.backplane.postgres;

import io.carillon.backplane.postgres.NotificationPayload.Version;
import io.carillon.core.Signal;
import io.carillon.core.spi.Backplane.Control;
import io.carillon.core.spi.Backplane.Listener;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Parser of arriving notifications, which passes them to the backplane's listener. A notification
 * that is not one of ours is counted and dropped. Used by the listening task alone.
 */
final class NotificationReader {
  /** Most large signals waiting to be read. */
  private static final int MAX_LARGE = 1024;

  /** Large signals per read; doorbells are heard in between. */
  private static final int CHUNK = 32;

  private static final System.Logger LOG = System.getLogger(NotificationReader.class.getName());

  private final String me;
  private final String mine;
  private final Listener listener;
  private final SignalCiphers ciphers;
  private final BackplaneCounters counters;
  private final ArrayDeque<Large> large = new ArrayDeque<>();
  private boolean everything;
  private @Nullable String nonce;

  /** A signal that is still to be read from the table. */
  record Large(Version version, String sender, String id) {}

  NotificationReader(
      String me, Listener listener, SignalCiphers ciphers, BackplaneCounters counters) {
    this.me = me;
    this.mine = me + ' ';
    this.listener = listener;
    this.ciphers = ciphers;
    this.counters = counters;
  }

  /** Waits for this nonce from ourselves. */
  void expect(String value) {
    nonce = value;
  }

  /** Whether what was expected has come. */
  boolean hasCome() {
    return nonce == null;
  }

  void hear(String text) {
    if (nonce == null && text.startsWith(mine, 2)) {
      return;
    }
    NotificationPayload notificationPayload;
    try {
      notificationPayload = NotificationPayload.read(text);
    } catch (IllegalArgumentException notOurs) {
      counters.malformed.increment();
      return;
    }
    if (notificationPayload.sender().equals(me)) {
      if (nonce != null && notificationPayload.items().contains(new Item.Nonce(nonce))) {
        nonce = null;
      }
    } else if (!notificationPayload.sender().endsWith(SignalCiphers.COPY)) {
      notificationPayload
          .items()
          .forEach(item -> hear(notificationPayload.version(), notificationPayload.sender(), item));
    }
  }

  private void hear(Version version, String sender, Item item) {
    switch (item) {
      case Item.LogPosition log -> tell(l -> l.rang(log.room(), log.epoch(), log.seq()));
      case Item.PresenceRevision p -> tell(l -> l.presenceRang(p.room(), p.revision()));
      case Item.InlineSignal signal -> open(version, sender, SignalRoute.INLINE, signal.sealed());
      case Item.LargeSignal signal -> {
        if (large.size() < MAX_LARGE) {
          large.add(new Large(version, sender, signal.id()));
        } else {
          counters.dropped.increment();
        }
      }
      case Item.Nonce strangers -> {}
      case Item.Everything() -> everything = true;
    }
  }

  private void tell(Consumer<Listener> what) {
    try {
      what.accept(listener);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "a listener of the backplane threw", e);
    }
  }

  /**
   * Call after everything of one arrival was heard: passes "everything" on once, however often it
   * was in the arrival, for any role can send it.
   */
  void endOfArrival() {
    if (everything) {
      everything = false;
      tell(Listener::everything);
    }
  }

  /** Whether large signals wait to be read. */
  boolean reading() {
    return !large.isEmpty();
  }

  /** The next large signals that were announced, some at a time, in order. */
  List<Large> announced() {
    List<Large> some = new ArrayList<>();
    while (some.size() < CHUNK && !large.isEmpty()) {
      some.add(large.remove());
    }
    return some;
  }

  void hearLarge(Large which, String sealed) {
    open(which.version, which.sender, SignalRoute.LARGE, sealed);
  }

  private void open(Version version, String sender, SignalRoute route, String sealed) {
    byte[] signal = ciphers.open(version, sender, route, sealed);
    if (signal == null) {
      counters.forged.increment();
      return;
    }
    try {
      SignalCodec.read(
          signal,
          new SignalCodec.SignalVisitor() {
            @Override
            public void signal(Signal signal) {
              tell(l -> l.signalled(signal));
            }

            @Override
            public void control(Control control) {
              tell(l -> l.controlled(control));
            }
          });
    } catch (IllegalArgumentException otherVersion) {
      counters.malformed.increment();
    }
  }
}
