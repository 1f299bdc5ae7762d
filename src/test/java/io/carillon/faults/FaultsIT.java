package io.carillon.faults;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.faults.checker.Report;
import io.carillon.faults.fault.Catalogue;
import io.carillon.faults.fault.Fault;
import io.carillon.faults.stage.Stage;
import io.carillon.kit.AtLength;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A short form of the faults that need no instances of their own; all of them, at length, are in
 * the profile {@code faults}. Without members: how they come and go has tests of its own.
 */
final class FaultsIT {
  private static final Path RUNTIME =
      Path.of(System.getProperty("carillon.runtime", "target/liberty/wlp"));
  private static final Path FOLDER = Path.of("target/faults-it").toAbsolutePath();
  private static final Duration LENGTH = Duration.ofSeconds(5);

  private static Stage stage;

  @BeforeAll
  static void start() throws Exception {
    stage = Stage.start(FOLDER.resolve("stage"), RUNTIME, 2, Map.of());
  }

  @AfterAll
  static void stop() {
    if (stage != null) {
      stage.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"F4", "F15"})
  void nothingIsLostDoubledOrMoved(String name) throws Exception {
    judge(name);
  }

  @AtLength
  @ParameterizedTest
  @ValueSource(strings = {"F11", "F17"})
  void norByOthers(String name) throws Exception {
    judge(name);
  }

  private static void judge(String name) throws Exception {
    Fault fault = Catalogue.find(name).getFirst();
    Run.Result result =
        new Run(fault, fault.plan().withoutMembers(), 1, LENGTH, FOLDER.resolve("histories"))
            .on(stage);
    assertTrue(
        result.passed(fault),
        () ->
            Report.table(List.of(Report.line(name, 1, result.verdict())))
                + String.join("\n", result.failures()));
  }
}
