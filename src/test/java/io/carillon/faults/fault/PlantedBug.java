package io.carillon.faults.fault;

import io.carillon.faults.checker.Rule;
import io.carillon.faults.stage.Node;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** A bug that is planted on purpose: the run is good if the checker names it. */
public final class PlantedBug implements Fault {
  /** Which bug. */
  public enum Bug {
    /** Readers get the last event again after each reconnect. */
    TWICE("P1", "deliver twice after a reconnect", Rule.DUPLICATED),
    /** Rows of acknowledged events are taken away behind the log's back. */
    ACK_BEFORE_COMMIT("P2", "acknowledge what is not in the log", Rule.LOST),
    /** No polls and no notifications: delivery waits for ever. */
    NO_POLL("P3", "skip the poll while notifications are lost", Rule.LATE);

    private final String id;
    private final String what;
    private final Rule rule;

    Bug(String id, String what, Rule rule) {
      this.id = id;
      this.what = what;
      this.rule = rule;
    }
  }

  private final Bug bug;

  /** A run with this bug. */
  public PlantedBug(Bug bug) {
    this.bug = bug;
  }

  @Override
  public String id() {
    return bug.id;
  }

  @Override
  public String what() {
    return "planted: " + bug.what;
  }

  @Override
  public Optional<Rule> planted() {
    return Optional.of(bug.rule);
  }

  @Override
  public boolean alone() {
    return true;
  }

  @Override
  public Map<String, String> settings() {
    return bug == Bug.NO_POLL ? Map.of("CARILLON_ROOMS_POLL", "PT1M") : Map.of();
  }

  @Override
  public void run(Scene scene, Duration length) throws Exception {
    // Not noted as a fault: what is wrong is the product, in quiet times, so delays count too.
    switch (bug) {
      case TWICE -> {
        scene.ground().plantForgetfulness();
        for (int i = 0; i < 5; i++) {
          Scene.pause(length.dividedBy(5));
          for (Node node : scene.stage().nodes()) {
            node.front().reset();
          }
        }
      }
      case ACK_BEFORE_COMMIT -> {
        Scene.pause(length);
        // The last event of a room, so that no hole is left to tell of it.
        scene
            .stage()
            .sql(
                """
                with gone as (
                  delete from carillon.event e using carillon.room_head h
                  where h.room_id = e.room_id and h.seq = e.seq returning e.room_id)
                update carillon.room_head h set seq = seq - 1 from gone
                where gone.room_id = h.room_id
                """);
      }
      case NO_POLL -> {
        scene
            .stage()
            .sql("revoke execute on function pg_catalog.pg_notify(text, text) from public");
        Scene.pause(length);
        // Not granted again: while events go on, an instance's own ones tell it of the others. What
        // is late is the last event of each room, until the poll after a minute.
      }
    }
  }
}
