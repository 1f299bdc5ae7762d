package io.carillon.faults.fault;

import io.carillon.faults.stage.Node;
import java.time.Duration;

/**
 * F28: an instance that has been up for ninety days without a migration: as many empty partitions
 * of the log lie behind. They have to go while servers run, beside everything else.
 */
final class OldDays implements Fault {
  private static final int DAYS = 90;
  private static final Duration GONE_WITHIN = Duration.ofSeconds(60);

  @Override
  public String id() {
    return "F28";
  }

  @Override
  public String what() {
    return "ninety empty days lie behind";
  }

  @Override
  public boolean alone() {
    return true;
  }

  @Override
  public void run(Scene scene, Duration length) throws Exception {
    scene
        .stage()
        .sql(
            """
            do $$
            declare
              parent text;
              day date;
            begin
              foreach parent in array array['event', 'dedupe'] loop
                for day in select carillon.today() - n from generate_series(20, %d) n loop
                  execute format('create table carillon.%%I partition of carillon.%%I'
                      || ' for values from (%%L) to (%%L)',
                    parent || to_char(day, '_YYYYMMDD'), parent, day, day + 1);
                  execute format('alter table carillon.%%I owner to carillon_owner',
                    parent || to_char(day, '_YYYYMMDD'));
                end loop;
              end loop;
            end $$
            """
                .formatted(DAYS + 19));
    Scene.pause(length.dividedBy(2));
    // Retention is looked after each ten minutes, and when an instance starts: the others go on.
    Node node = scene.anyNode();
    scene.on(this, "node " + node.index());
    node.kill();
    node.start();
    node.awaitReady();
    scene.off(this, "node " + node.index());
    long begun = System.nanoTime();
    while (left(scene) > 0) {
      if (System.nanoTime() - begun > GONE_WITHIN.toNanos()) {
        scene.fail(left(scene) + " empty partitions are left");
        return;
      }
      Scene.pause(Duration.ofMillis(500));
    }
    Scene.pause(length.dividedBy(2));
  }

  private static long left(Scene scene) throws java.sql.SQLException {
    return HeldPool.number(
        scene,
        "select count(*) from pg_class where relnamespace = 'carillon'::regnamespace"
            + " and relkind = 'r' and relname ~ '^(event|dedupe)_[0-9]{8}$'"
            + " and to_date(right(relname, 8), 'YYYYMMDD') < carillon.today() - 19");
  }
}
