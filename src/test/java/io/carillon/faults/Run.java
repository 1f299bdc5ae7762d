package io.carillon.faults;

import io.carillon.faults.checker.Checker;
import io.carillon.faults.checker.Verdict;
import io.carillon.faults.client.Observer;
import io.carillon.faults.client.Reader;
import io.carillon.faults.client.RunContext;
import io.carillon.faults.fault.Fault;
import io.carillon.faults.fault.Scene;
import io.carillon.faults.history.Entry;
import io.carillon.faults.history.History;
import io.carillon.faults.stage.Node;
import io.carillon.faults.stage.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** One fault, once: the crowd comes, the fault goes on, all is healed, read again and judged. */
final class Run {
  private static final Duration CALM = Duration.ofSeconds(4);
  private static final Duration SETTLE = Duration.ofSeconds(90);

  private final Fault fault;
  private final Plan plan;
  private final long seed;
  private final Duration length;
  private final Path folder;

  Run(Fault fault, Plan plan, long seed, Duration length, Path folder) {
    this.fault = fault;
    this.plan = plan;
    this.seed = seed;
    this.length = length;
    this.folder = folder;
  }

  /** What came of a run. */
  record Result(Verdict verdict, List<String> failures, List<String> remarks, Path history) {
    /** Nothing is wrong; or, for a planted bug, exactly that is named. */
    boolean passed(Fault fault) {
      if (fault.plantedFailure().isPresent()) {
        String word = fault.plantedFailure().get();
        return failures.stream().anyMatch(why -> why.contains(word));
      }
      return fault
          .planted()
          .map(rule -> verdict.rules().contains(rule))
          .orElse(verdict.passed() && failures.isEmpty());
    }
  }

  /** Runs on a stage that is up and whole. */
  Result on(Stage stage) throws Exception {
    Files.createDirectories(folder);
    Path file = folder.resolve("%s-%d.jsonl.gz".formatted(fault.id(), seed));
    try (History history = History.to(file)) {
      RunContext context =
          new RunContext(stage.nodes().stream().map(Node::address).toList(), history);
      Random random = new Random(seed);
      String prefix = "%s-%s".formatted(fault.id().toLowerCase(java.util.Locale.ROOT), seed);
      Crowd crowd = new Crowd(context, plan, prefix, random);
      Scene scene = new Scene(stage, context, crowd.rooms(), new Random(random.nextLong()));
      scene.sample();
      crowd.start(stage::superuser);
      TimeUnit.NANOSECONDS.sleep(CALM.toNanos());
      fault.run(scene, length);
      for (Node node : stage.nodes()) {
        node.awaitReady();
      }
      TimeUnit.NANOSECONDS.sleep(CALM.toNanos());
      crowd.quiet();
      List<String> failures = new ArrayList<>(scene.failures());
      settle(stage, crowd).ifPresent(failures::add);
      history.add(new Entry.Settled(history.now()));
      scene.sample();
      crowd.stop();
      FinalReads reads = new FinalReads(context);
      reads.database(stage.superuser(), crowd.rooms());
      reads.replay(stage.nodes().getFirst().address(), crowd.rooms());
      history.add(fault.expectations().note(history.now()));
      Verdict verdict = Checker.check(history.entries(), fault.expectations());
      return new Result(verdict, failures, scene.remarks(), file);
    }
  }

  /** Waits until every relayed event is in the log and every reader has reached the heads. */
  private static java.util.Optional<String> settle(Stage stage, Crowd crowd)
      throws InterruptedException {
    long deadline = System.nanoTime() + SETTLE.toNanos();
    String behind = "";
    do {
      TimeUnit.MILLISECONDS.sleep(500);
      try {
        behind = behind(stage, crowd);
      } catch (SQLException e) {
        behind = e.toString();
      }
    } while (!behind.isEmpty() && System.nanoTime() < deadline);
    return behind.isEmpty()
        ? java.util.Optional.empty()
        : java.util.Optional.of("not settled after " + SETTLE.toSeconds() + " s: " + behind);
  }

  private static String behind(Stage stage, Crowd crowd) throws SQLException {
    Map<String, String> heads = new HashMap<>();
    try (Connection connection = stage.superuser().getConnection();
        PreparedStatement outbox =
            connection.prepareStatement("select count(*) from carillon.outbox");
        PreparedStatement query =
            connection.prepareStatement(
                "select name, epoch || '.' || seq from carillon.room join carillon.room_head"
                    + " using (room_id) where name = any (?)")) {
      try (ResultSet row = outbox.executeQuery()) {
        row.next();
        if (row.getInt(1) > 0) {
          return row.getInt(1) + " in the outbox";
        }
      }
      query.setArray(1, connection.createArrayOf("text", crowd.rooms().toArray()));
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          heads.put(rows.getString(1), rows.getString(2));
        }
      }
    }
    for (Observer observer : crowd.observers()) {
      if (!observer.users().isEmpty()) {
        return "all members have left, an observer still lists " + observer.users();
      }
    }
    for (Reader reader : crowd.readers()) {
      for (String room : reader.rooms()) {
        String head = heads.getOrDefault(room, "");
        if (!head.isEmpty()
            && !head.endsWith(".0")
            && !seq(head).equals(seq(reader.position(room)))) {
          return reader.name() + " at " + reader.position(room) + " of " + room + ' ' + head;
        }
      }
    }
    return "";
  }

  private static String seq(String cursor) {
    return cursor.substring(cursor.indexOf('.') + 1);
  }
}
