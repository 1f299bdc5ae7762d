package io.carillon.bench;

import io.carillon.kit.client.Texts;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The load generator, one process a run. */
final class Generator {
  private final Path program;

  Generator() throws IOException, InterruptedException {
    this.program = Tool.built("fanload");
  }

  /**
   * Measures one server under one load.
   *
   * @param warm seconds under load before what is measured
   * @param seconds that are measured
   */
  Figures run(Contender contender, Scenario scenario, int warm, int seconds)
      throws IOException, InterruptedException {
    List<String> words = load(scenario, warm, seconds);
    return Figures.of(contender, ask(contender, scenario, words));
  }

  /** Runs with a load of the caller's own and waits for the answer. */
  JsonObject ask(Contender contender, Scenario scenario, List<String> load)
      throws IOException, InterruptedException {
    return Texts.object(answer(start(contender, scenario, load)));
  }

  /** A scenario's load in the generator's words. */
  static List<String> load(Scenario scenario, int warm, int seconds) {
    List<String> words = new ArrayList<>(scenario.pace());
    words.addAll(List.of("--subs", "" + scenario.readers(), "--rooms", "" + scenario.rooms()));
    words.addAll(List.of("--warm", "" + warm, "--dur", "" + seconds));
    return words;
  }

  /** Starts a run with a load of the caller's own; its answer is one line of JSON. */
  Process start(Contender contender, Scenario scenario, List<String> load) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(List.of("--target", String.join(",", contender.targets())));
    command.addAll(contender.dialect(scenario));
    command.addAll(load);
    contender
        .processes()
        .forEach((name, pid) -> command.addAll(List.of("--pid", name + "=" + pid)));
    // Fewer handshakes at a time than may join at a time: nobody is sent away.
    command.addAll(List.of("--conc", "100"));
    command.addAll(List.of("--tree", "--label", contender.name()));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** Waits for a run's answer. */
  static String answer(Process process) throws IOException, InterruptedException {
    byte[] answer = process.getInputStream().readAllBytes();
    if (process.waitFor() != 0) {
      throw new IOException("the load generator failed");
    }
    return new String(answer, StandardCharsets.UTF_8);
  }
}
