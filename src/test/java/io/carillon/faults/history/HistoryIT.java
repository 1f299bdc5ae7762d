package io.carillon.faults.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Histories in files. */
final class HistoryIT {
  private static final int THREADS = 4;
  private static final int EACH = 5_000;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"history.jsonl", "history.jsonl.gz"})
  void whatManyThreadsAddComesBackInTheSameOrder(String name) throws Exception {
    Path file = folder.resolve(name);
    List<Entry> added;
    try (History history = History.to(file)) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        String reader = "reader-" + i;
        threads.add(Thread.ofVirtual().start(() -> deliver(history, reader)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      added = history.entries();
    }
    assertEquals(THREADS * EACH, added.size());
    assertEquals(added, History.read(file));
  }

  private static void deliver(History history, String reader) {
    for (int seq = 1; seq <= EACH; seq++) {
      history.add(new Entry.Delivered(history.now(), reader, "r", "e", seq, "id" + seq, "{}"));
    }
  }

  @Test
  void aFileWithoutItsEndIsReadAsFarAsItGoes() throws Exception {
    for (String name : List.of("cut.jsonl", "cut.jsonl.gz")) {
      Path file = folder.resolve(name);
      List<Entry> added;
      try (History history = History.to(file)) {
        deliver(history, "a");
        added = history.entries();
      }
      byte[] bytes = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(bytes, bytes.length * 2 / 3));
      List<Entry> read = History.read(file);
      assertTrue(!read.isEmpty() && read.size() < added.size(), () -> read.size() + " entries");
      assertEquals(added.subList(0, read.size()), read);
    }
  }
}
