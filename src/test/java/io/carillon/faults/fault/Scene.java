package io.carillon.faults.fault;

import io.carillon.faults.client.RunContext;
import io.carillon.faults.history.Entry;
import io.carillon.faults.history.History;
import io.carillon.faults.stage.Node;
import io.carillon.faults.stage.ProcessFigures;
import io.carillon.faults.stage.Stage;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** What a fault works on during one run. Used by the fault's thread. */
public final class Scene {
  private final Stage stage;
  private final RunContext context;
  private final List<String> rooms;
  private final Random random;
  private final List<String> failures = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();

  /**
   * A scene.
   *
   * @param rooms the rooms with events
   * @param random of this run's seed
   */
  public Scene(Stage stage, RunContext context, List<String> rooms, Random random) {
    this.stage = stage;
    this.context = context;
    this.rooms = rooms;
    this.random = random;
  }

  /** What can be broken. */
  public Stage stage() {
    return stage;
  }

  /** For a fault with clients of its own. */
  public RunContext ground() {
    return context;
  }

  /** The rooms with events. */
  public List<String> rooms() {
    return rooms;
  }

  /** Of this run's seed. */
  public Random random() {
    return random;
  }

  /** Any of the instances. */
  public Node anyNode() {
    return stage.nodes().get(random.nextInt(stage.nodes().size()));
  }

  /** Any of the others. */
  public Node anyNodeBut(Node node) {
    List<Node> others = stage.nodes().stream().filter(other -> other != node).toList();
    return others.get(random.nextInt(others.size()));
  }

  /** Where the instances are without a proxy: for numbers that would need too many descriptors. */
  public List<URI> direct() {
    return stage.nodes().stream().map(node -> node.server().uri("/")).toList();
  }

  /** Notes that something breaks. */
  public void on(Fault fault, String target) {
    history().add(new Entry.FaultOn(history().now(), fault.id(), target));
  }

  /** Notes that it is healed. */
  public void off(Fault fault, String target) {
    history().add(new Entry.FaultOff(history().now(), fault.id(), target));
  }

  /** Notes what every living instance holds: heap after a collection, threads, descriptors. */
  public void sample() {
    for (Node node : stage.nodes()) {
      if (node.server().isAlive()) {
        history()
            .add(
                new Entry.Resources(
                    history().now(), node.index(), ProcessFigures.of(node.server().pid())));
      }
    }
  }

  /** Keeps a figure or a remark for people. */
  public void note(String text, String... details) {
    history().add(new Entry.Note(history().now(), text, List.of(details)));
    remarks.add(text + ": " + String.join(", ", details));
  }

  /** Says that a check of this fault's own has failed. */
  public void fail(String why) {
    failures.add(why);
  }

  /** What {@link #fail} was told. */
  public List<String> failures() {
    return failures;
  }

  /** What {@link #note} was told. */
  public List<String> remarks() {
    return remarks;
  }

  /** Lets time pass. */
  public static void pause(Duration time) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
  }

  /** Lets a random time pass, from {@code least} to {@code most} milliseconds. */
  public void pause(int least, int most) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(least + random.nextInt(most - least + 1));
  }

  private History history() {
    return context.history();
  }
}
