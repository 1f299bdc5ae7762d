package io.carillon.dev;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The processes of a run, written down so that the next run can end those that a {@code kill -9}
 * left behind. A process counts as ours only if both its id and its start time agree, so that a
 * reused id never costs a stranger its life.
 */
final class Leftovers {
  private static final Duration POLITE = Duration.ofSeconds(12);

  private final Path file;
  private final Path postmaster;
  private final List<String> lines = new ArrayList<>();

  /**
   * Knows the run of one project.
   *
   * @param home the folder of this project's runs
   */
  Leftovers(Path home) {
    this.file = home.resolve("processes");
    this.postmaster = home.resolve("postgresql/postmaster.pid");
  }

  /** Ends what an earlier run left; the answer is a living runner that must be stopped first. */
  Optional<ProcessHandle> end() throws IOException, InterruptedException {
    List<Entry> entries = Files.exists(file) ? read() : List.of();
    for (Entry entry : entries) {
      Optional<ProcessHandle> runner =
          entry.role.equals("runner") ? entry.find() : Optional.empty();
      if (runner.isPresent()) {
        boolean orphan = entries.stream().noneMatch(e -> e.role.equals("build") && e.isAlive());
        if (!orphan) {
          return runner;
        }
        end(runner.get(), Duration.ofSeconds(40));
      }
    }
    for (Entry entry : entries) {
      if (entry.role.equals("server")) {
        Optional<ProcessHandle> server = entry.find();
        if (server.isPresent()) {
          System.out.println("Ending a server of an earlier run, process " + entry.pid + " …");
          end(server.get(), POLITE);
        }
      }
    }
    endPostmaster();
    Files.deleteIfExists(file);
    return Optional.empty();
  }

  /** Writes a process of this run down. */
  void add(String role, ProcessHandle process) throws IOException {
    process
        .info()
        .startInstant()
        .ifPresent(start -> lines.add(role + " " + process.pid() + " " + start.toEpochMilli()));
    Files.write(file, lines);
  }

  /** Forgets them all: they have ended. */
  void clear() throws IOException {
    Files.deleteIfExists(file);
  }

  private void endPostmaster() throws IOException, InterruptedException {
    if (!Files.exists(postmaster)) {
      return;
    }
    List<String> content = Files.readAllLines(postmaster);
    Optional<ProcessHandle> process =
        content.isEmpty()
            ? Optional.empty()
            : ProcessHandle.of(Long.parseLong(content.getFirst().strip()));
    if (process.flatMap(p -> p.info().command()).filter(c -> c.contains("postgres")).isPresent()) {
      System.out.println(
          "Ending the database of an earlier run, process " + process.get().pid() + " …");
      // SIGINT is PostgreSQL's fast shutdown: it ends sessions instead of waiting for them.
      new ProcessBuilder("kill", "-INT", Long.toString(process.get().pid())).start().waitFor();
      end(process.get(), POLITE);
    }
    Files.deleteIfExists(postmaster);
  }

  private static void end(ProcessHandle process, Duration limit) throws InterruptedException {
    if (process.info().command().filter(c -> c.contains("postgres")).isEmpty()) {
      process.destroy();
    }
    if (!ended(process, limit)) {
      process.destroyForcibly();
      ended(process, Duration.ofSeconds(5));
    }
  }

  private static boolean ended(ProcessHandle process, Duration limit) throws InterruptedException {
    try {
      process.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException | ExecutionException e) {
      return !process.isAlive();
    }
  }

  private List<Entry> read() throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      String[] parts = line.split(" ", -1);
      if (parts.length == 3) {
        entries.add(
            new Entry(
                parts[0],
                Long.parseLong(parts[1]),
                Instant.ofEpochMilli(Long.parseLong(parts[2]))));
      }
    }
    return entries;
  }

  private record Entry(String role, long pid, Instant start) {
    Optional<ProcessHandle> find() {
      return ProcessHandle.of(pid)
          .filter(ProcessHandle::isAlive)
          .filter(
              p ->
                  p.info()
                      .startInstant()
                      .filter(s -> Duration.between(s, start).abs().toMillis() < 2_000)
                      .isPresent());
    }

    boolean isAlive() {
      return find().isPresent();
    }
  }
}
