package io.carillon.faults.fault;

import io.carillon.faults.Plan;
import io.carillon.faults.checker.Rule;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * For each of the faults F25 to F28 what the product would do with the bug that the fault is there
 * to find, brought about in the database instead: the run is good if that is named.
 */
final class PlantedTrouble implements Fault {
  /** What is planted. */
  enum Trouble {
    /** What keeps an instance alive waits as its pool does: delivery pauses. */
    HELD_WITH_THE_POOL("P25", "vital calls wait behind a held pool", Rule.LATE, ""),
    /** A warning with every commit: every publish is answered unknown, though it is stored. */
    UNKNOWN("P26", "every publish is answered unknown", null, "unknown"),
    /** Nobody may ask how full the queue is, so nobody can free it. */
    FULL_FOR_EVER("P27", "the full queue of notifications is never freed", null, "still full"),
    /** Nobody drops days. */
    DAYS_STAY("P28", "empty days stay", null, "are left");

    private final String id;
    private final String what;
    private final @Nullable Rule rule;
    private final String failure;

    Trouble(String id, String what, @Nullable Rule rule, String failure) {
      this.id = id;
      this.what = what;
      this.rule = rule;
      this.failure = failure;
    }
  }

  private final Trouble trouble;

  PlantedTrouble(Trouble trouble) {
    this.trouble = trouble;
  }

  @Override
  public String id() {
    return trouble.id;
  }

  @Override
  public String what() {
    return "planted: " + trouble.what;
  }

  @Override
  public Optional<Rule> planted() {
    return Optional.ofNullable(trouble.rule);
  }

  @Override
  public Optional<String> plantedFailure() {
    return Optional.of(trouble.failure).filter(word -> !word.isEmpty());
  }

  @Override
  public Plan plan() {
    return like().plan();
  }

  @Override
  public Map<String, String> settings() {
    return like().settings();
  }

  @Override
  public boolean alone() {
    return true;
  }

  private Fault like() {
    return switch (trouble) {
      case HELD_WITH_THE_POOL -> new HeldPool();
      case UNKNOWN -> new LoginWarnings();
      case FULL_FOR_EVER -> new StaleNotifyQueue();
      case DAYS_STAY -> new OldDays();
    };
  }

  @Override
  public void run(Scene scene, Duration length) throws Exception {
    switch (trouble) {
      case HELD_WITH_THE_POOL ->
          HeldPool.hold(scene, length, "carillon.ticket, carillon.revocation");
      case UNKNOWN -> {
        scene
            .stage()
            .sql(
                """
                create function public.warn() returns trigger language plpgsql as $$
                begin
                  raise warning 'canceling wait for synchronous replication';
                  return null;
                end $$;
                create trigger warn after insert on carillon.event
                  for each statement execute function public.warn()
                """);
        LoginWarnings.publish(scene);
        scene.stage().sql("drop trigger warn on carillon.event");
      }
      case FULL_FOR_EVER -> {
        scene
            .stage()
            .sql("revoke execute on function pg_catalog.pg_notification_queue_usage() from public");
        like().run(scene, length);
      }
      case DAYS_STAY -> {
        scene
            .stage()
            .sql(
                """
                create or replace function carillon.drop_empty_day() returns text
                  language sql as $$ select null::text $$;
                create or replace function carillon.drop_empty_days() returns integer
                  language sql as $$ select 0 $$
                """);
        like().run(scene, length);
      }
    }
  }
}
