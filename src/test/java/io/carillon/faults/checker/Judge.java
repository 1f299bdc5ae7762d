package io.carillon.faults.checker;

import io.carillon.faults.history.Entry;
import io.carillon.faults.history.History;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Judges kept histories again, by the expectations that are noted in them. */
public final class Judge {
  private Judge() {}

  /**
   * Prints the verdicts.
   *
   * @param args files of histories
   * @throws IllegalStateException if one of them does not pass
   */
  public static void main(String[] args) {
    List<Report.Line> lines = new ArrayList<>();
    for (String file : args) {
      Path path = Path.of(file);
      List<Entry> entries = History.read(path);
      Verdict verdict = Checker.check(entries, Expectations.in(entries));
      lines.add(Report.line(String.valueOf(path.getFileName()), 0, verdict));
    }
    System.out.print(Report.table(lines));
    if (!lines.stream().allMatch(line -> line.verdict().passed())) {
      throw new IllegalStateException("not every history passes");
    }
  }
}
