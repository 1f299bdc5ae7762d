package io.carillon.bootstrap;

import io.carillon.core.cluster.InstanceCalls;
import io.carillon.core.spi.Bans;
import io.carillon.core.spi.LogUnavailableException;
import java.lang.System.Logger.Level;
import java.util.List;

/**
 * Bans that all instances know of before the call returns. An instance that does not answer is
 * waited for as long as it takes at the most until it has read them by itself.
 */
final class ToldBans implements Bans {
  private static final System.Logger LOG = System.getLogger(ToldBans.class.getName());
  private static final String KIND = "bans";

  private final Bans store;
  private final InstanceCalls calls;

  /**
   * Tells the instances of each change, and answers theirs.
   *
   * @param read reads the bans and closes whom they refuse; blocks
   */
  ToldBans(Bans store, InstanceCalls calls, Runnable read) {
    this.store = store;
    this.calls = calls;
    calls.answer(
        KIND,
        asked -> {
          try {
            read.run();
            return List.of("true");
          } catch (LogUnavailableException away) {
            LOG.log(Level.DEBUG, "the bans could not be read", away);
            return List.of();
          }
        });
  }

  @Override
  public void ban(Ban ban) {
    store.ban(ban);
    tell();
  }

  @Override
  public boolean lift(String user) {
    boolean lifted = store.lift(user);
    tell();
    return lifted;
  }

  @Override
  public List<Ban> active() {
    return store.active();
  }

  /** Two seconds at the most, which is more than the second after which each reads them anyway. */
  private void tell() {
    calls.ask(KIND, "{}").join();
  }
}
