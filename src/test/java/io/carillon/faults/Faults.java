package io.carillon.faults;

import io.carillon.faults.checker.Judge;
import io.carillon.faults.checker.Report;
import io.carillon.faults.fault.Catalogue;
import io.carillon.faults.fault.Fault;
import io.carillon.faults.stage.Stage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs faults and prints the verdicts: {@code mvn -Pfaults -Dfault=F1}. Arguments: faults (names
 * joined by commas, or {@code all}), seed or {@code random}, seconds each, a history to judge again
 * or {@code none}, folder of the unpacked Liberty, folder for data, logs and histories. Ends with
 * status 1 if a verdict is bad.
 */
final class Faults {
  private Faults() {}

  /** See the class. */
  public static void main(String[] args) throws Exception {
    if (!args[3].equals("none")) {
      Judge.main(new String[] {args[3]});
      return;
    }
    List<Fault> faults = Catalogue.find(args[0]);
    long seed = args[1].equals("random") ? System.nanoTime() % 1_000_000 : Long.parseLong(args[1]);
    Duration length = Duration.ofSeconds(Long.parseLong(args[2]));
    Path runtime = Path.of(args[4]);
    Path home = Path.of(args[5]).toAbsolutePath();
    List<Report.Line> table = new ArrayList<>();
    boolean passed = true;
    Stage stage = null;
    String stands = "";
    try {
      for (Fault fault : faults) {
        String wanted = fault.alone() ? fault.id() : fault.instances() + " " + fault.settings();
        if (stage != null && !stands.equals(wanted)) {
          stage.close();
          stage = null;
        }
        if (stage == null) {
          Path folder = home.resolve("stage");
          stage = Stage.start(folder, runtime, fault.instances(), fault.settings());
          stands = wanted;
        }
        Run.Result result =
            new Run(fault, fault.plan(), seed, length, home.resolve("histories")).on(stage);
        Report.Line line = Report.line(fault.id(), seed, result.verdict());
        table.add(line);
        System.out.println(Report.table(List.of(line)));
        fault
            .planted()
            .map(Enum::toString)
            .or(fault::plantedFailure)
            .ifPresent(
                named ->
                    System.out.println(
                        "  planted, to be named as " + named + ": " + result.passed(fault)));
        result.remarks().forEach(remark -> System.out.println("  " + fault.id() + ": " + remark));
        result.failures().forEach(why -> System.out.println("  " + fault.id() + " FAILS: " + why));
        if (!result.passed(fault)) {
          passed = false;
          System.out.println("  its history: " + result.history());
          stage.close();
          stage = null;
        }
      }
    } finally {
      if (stage != null) {
        stage.close();
      }
    }
    System.out.println();
    System.out.println(Report.markdown(table));
    System.exit(passed ? 0 : 1);
  }
}
