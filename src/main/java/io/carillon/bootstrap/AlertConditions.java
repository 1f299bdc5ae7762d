package io.carillon.bootstrap;

import io.carillon.core.CloseCode;
import io.carillon.core.ErrorCode;
import io.carillon.core.console.Alerts;
import io.carillon.core.console.Alerts.Condition;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What an instance alerts its operators of. Codes and limits are those of {@code
 * docs/observability.md}.
 */
final class AlertConditions {
  private static final Duration STALLED = Duration.ofSeconds(5);
  private static final Duration CERTIFICATE = Duration.ofDays(21);
  private static final double QUEUE = 0.5;
  private static final int DAYS = 2;
  private static final int PRESENCE_SECONDS = 60;
  private static final int PERCENT_FULL = 90;

  private AlertConditions() {}

  /**
   * Adds all of them.
   *
   * @param few whether hardly any file descriptor is left
   */
  static void add(
      Instance instance, ClusterLook cluster, CertificateEnd certificate, BooleanSupplier few) {
    Alerts all = instance.alerts;
    database(instance, all);
    outbox(instance, cluster, all);
    clients(instance, all);
    all.add(
        when("descriptors", few, "Hardly any file descriptor is left; new clients are refused."));
    all.add(new Condition("certificate", () -> certificate(certificate, instance)));
    all.add(
        new Condition(
            "versions",
            () -> {
              String versions = cluster.versions();
              return versions == null
                  ? null
                  : "The instances are of different versions: " + versions + '.';
            }));
  }

  private static void database(Instance instance, Alerts all) {
    all.add(when("database", () -> !instance.ping.up(), "The database does not answer."));
    all.add(
        when(
            "writer", () -> !instance.log.works(), "Events cannot be written from this instance."));
    all.add(
        when(
            "listener",
            () -> !instance.backplane.connected(),
            "Notifications do not arrive; delivery between instances takes up to a second."));
    all.add(
        new Condition(
            "partitions",
            () -> {
              int days = instance.days.count();
              return days < 0 || days >= DAYS
                  ? null
                  : "The log has place for " + days + " more days only.";
            }));
    all.add(
        new Condition(
            "notification_queue",
            () -> {
              double usage = instance.backplane.counts().queueUsage();
              return usage <= QUEUE
                  ? null
                  : "The database's queue of notifications is full to "
                      + Math.round(usage * 100)
                      + " %: some session listens and does not read.";
            }));
    all.add(
        when(
            "keys",
            () -> !instance.credentials.keysAvailable(),
            "Tokens cannot be verified: the issuer's keys have not been fetched."));
  }

  private static void outbox(Instance instance, ClusterLook cluster, Alerts all) {
    all.add(
        new Condition(
            "relay",
            () -> {
              Duration stalled = cluster.stalled();
              return stalled.compareTo(STALLED) < 0
                  ? null
                  : "The transactional outbox does not move: an event has waited for more than "
                      + stalled.toSeconds()
                      + " s.";
            }));
    all.add(
        when(
            "rejected",
            cluster::rejected,
            "An event of somebody's transaction was rejected in the last ten minutes."));
    all.add(
        when(
            "unnumbered",
            () -> instance.relay.unnumbered() > 0,
            "The outbox has rows past its triggers, which are never relayed."));
    all.add(
        when(
            "presence",
            () -> instance.presence.troubledSeconds() > PRESENCE_SECONDS,
            "Who is here has not been written for more than a minute."));
  }

  private static void clients(Instance instance, Alerts all) {
    LongAdder slow = new LongAdder();
    instance.connections.onEndBy(
        (connection, code) -> {
          if (code == CloseCode.OVERLOAD) {
            slow.increment();
          }
        });
    all.add(grown("slow_readers", slow::sum, "connections were cut for reading too slowly"));
    all.add(grown("limits", instance.probe::limitedCount, "limits refused something"));
    List<ErrorCode> troubles = List.of(ErrorCode.OVERLOADED, ErrorCode.STORAGE, ErrorCode.UNKNOWN);
    all.add(
        grown(
            "publishes",
            () -> instance.probe.refusedCount(troubles),
            "publishes failed because the log does not keep up or cannot be written"));
    all.add(
        grown(
            "resyncs",
            instance.probe::resyncedCount,
            "readers could not continue where they were"));
    all.add(
        grown(
            "forged",
            () -> instance.backplane.counts().forged(),
            "signals between instances had a bad seal"));
    all.add(
        new Condition(
            "connections",
            () -> {
              long open = instance.connections.count();
              long most = instance.settings.connections().connections();
              return open * 100 < most * PERCENT_FULL
                  ? null
                  : open + " of at most " + most + " connections are open.";
            }));
  }

  private static @Nullable String certificate(CertificateEnd certificate, Instance instance) {
    Duration left = certificate.left(instance.clock.instant());
    if (left == null || left.compareTo(CERTIFICATE) > 0) {
      return null;
    }
    return left.isNegative()
        ? "The certificate is over."
        : "The certificate ends in " + left.toDays() + " days.";
  }

  private static Condition when(String code, BooleanSupplier holds, String text) {
    return new Condition(code, () -> holds.getAsBoolean() ? text : null);
  }

  /** Holds while a sum has grown in the last minute. */
  private static Condition grown(String code, LongSupplier sum, String what) {
    MinuteGrowth growth = new MinuteGrowth(sum);
    return new Condition(
        code,
        () -> {
          long lately = growth.look();
          return lately == 0 ? null : "In the last minute " + what + ": " + lately + '.';
        });
  }
}
