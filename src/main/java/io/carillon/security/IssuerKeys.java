package io.carillon.security;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.text.ParseException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The issuer's key set, fetched from its address. {@link #keep} fetches it at the start and when it
 * is old; a token with a key that the set does not have makes it be fetched at once, so that a
 * rotation is taken as soon as the first token shows it. Fetches are some seconds apart for all
 * callers together; a caller with an unknown key in between is told to come back, not that the
 * token is bad: it is bad only if a set that was fetched for it has no such key.
 *
 * <p>Thread-safe. A call of {@link #get} may wait for one fetch; only a few may do so at a time.
 */
final class IssuerKeys implements JWKSource<SecurityContext> {
  /** How old the set gets before it is fetched anew. */
  static final Duration KEEP = Duration.ofMinutes(5);

  /** How long it may be used beyond that if it cannot be fetched. */
  static final Duration OUTAGE = Duration.ofHours(1);

  /** From a fetch that succeeded to the next because of an unknown key. */
  static final Duration PAUSE = Duration.ofSeconds(5);

  /** From a fetch that failed to the next. */
  static final Duration RETRY = Duration.ofSeconds(1);

  private static final int WAITING = 16;
  private static final System.Logger LOG = System.getLogger(IssuerKeys.class.getName());

  private final Fetch fetch;
  private final LongSupplier nanos;
  private final ReentrantLock fetching = new ReentrantLock();
  private final Semaphore waiting = new Semaphore(WAITING);

  /** Names of keys that the set does not have, though it was fetched for them; a handful. */
  @GuardedBy("fetching")
  private final Set<String> missing = new HashSet<>();

  private volatile @Nullable Known known;

  @GuardedBy("fetching")
  private long triedAt;

  @GuardedBy("fetching")
  private boolean tried;

  @GuardedBy("fetching")
  private boolean failed;

  private record Known(JWKSet set, long at) {}

  /** Gets the set from where it is; may take some seconds. */
  interface Fetch {
    JWKSet now() throws IOException, ParseException;
  }

  /** The keys cannot be asked for now; says when to try again. */
  static final class Away extends KeySourceException {
    private static final long serialVersionUID = 1L;

    private final transient Duration retryAfter;

    Away(Duration retryAfter) {
      super("the keys of the issuer cannot be fetched");
      this.retryAfter = retryAfter;
    }

    Duration retryAfter() {
      return retryAfter;
    }
  }

  IssuerKeys(Fetch fetch, LongSupplier nanos) {
    this.fetch = fetch;
    this.nanos = nanos;
  }

  /** Whether there is a set to verify with. */
  boolean available() {
    return usable() != null;
  }

  /** Fetches the set if there is none or it is old; what fails is logged. To be called often. */
  void keep() {
    Known now = known;
    boolean due = now == null || nanos.getAsLong() - now.at >= KEEP.toNanos();
    if (due && fetching.tryLock()) {
      try {
        attempt();
      } catch (Away again) {
        LOG.log(Level.DEBUG, "the keys of the issuer are tried again", again);
      } finally {
        fetching.unlock();
      }
    }
  }

  /**
   * The keys that fit.
   *
   * @throws Away if they cannot be fetched, or not again so soon
   */
  @Override
  public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context) throws Away {
    long asked = nanos.getAsLong();
    Known now = usable();
    if (now != null) {
      List<JWK> found = selector.select(now.set);
      if (!found.isEmpty() || names(selector).stream().anyMatch(id -> has(now.set, id))) {
        return found;
      }
    }
    return selector.select(fetched(names(selector), asked));
  }

  private JWKSet fetched(Set<String> names, long asked) throws Away {
    if (!waiting.tryAcquire()) {
      throw new Away(RETRY);
    }
    fetching.lock();
    try {
      Known now = usable();
      boolean fresh = now != null && now.at - asked > 0;
      if (now == null || !(fresh || missing.containsAll(names))) {
        now = attempt();
      }
      JWKSet set = now.set;
      for (String id : names) {
        if (!has(set, id)) {
          missing.add(id);
        }
      }
      return set;
    } finally {
      fetching.unlock();
      waiting.release();
    }
  }

  /** Fetches once, if it is time for it; with the lock held. */
  @GuardedBy("fetching")
  private Known attempt() throws Away {
    long now = nanos.getAsLong();
    Duration apart = failed ? RETRY : PAUSE;
    if (tried && now - triedAt < apart.toNanos()) {
      throw new Away(apart.minusNanos(now - triedAt));
    }
    tried = true;
    try {
      Known fresh = new Known(fetch.now(), nanos.getAsLong());
      known = fresh;
      missing.clear();
      if (failed) {
        LOG.log(Level.INFO, "the keys of the issuer are there again");
      }
      failed = false;
      return fresh;
    } catch (IOException | ParseException | RuntimeException away) {
      if (!failed) {
        LOG.log(Level.WARNING, "the keys of the issuer cannot be fetched: {0}", away.toString());
      }
      failed = true;
      throw new Away(RETRY);
    } finally {
      triedAt = nanos.getAsLong();
    }
  }

  private @Nullable Known usable() {
    Known now = known;
    boolean tooOld = now != null && nanos.getAsLong() - now.at >= KEEP.plus(OUTAGE).toNanos();
    return tooOld ? null : now;
  }

  private static boolean has(JWKSet set, String id) {
    return set.getKeyByKeyId(id) != null;
  }

  /** The names of keys that are asked for; none if the token gives none. */
  private static Set<String> names(JWKSelector selector) {
    Set<String> names = selector.getMatcher().getKeyIDs();
    return names == null ? Set.of() : names;
  }
}
