package io.carillon.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Waits for times in which the host leaves the processors to this machine: what is measured while
 * it gives them to others says nothing.
 */
final class Quiet {
  private static final Duration PROBE = Duration.ofMillis(700);
  private static final Duration PAUSE = Duration.ofSeconds(4);

  private final int most;
  private final long end;

  /**
   * Counts from now.
   *
   * @param most percent of the wanted time that may be given to others; 100: any
   * @param patience seconds after which any time is good enough
   */
  Quiet(int most, int patience) {
    this.most = most;
    this.end = System.nanoTime() + Duration.ofSeconds(patience).toNanos();
  }

  /** Whether a run that was disturbed so much, in percent, counts. */
  boolean enough(double stolen) {
    return stolen <= most || System.nanoTime() - end > 0;
  }

  /** Returns when it is quiet, or patience is at its end. */
  void await() throws IOException, InterruptedException {
    while (most < 100 && !enough(probe())) {
      Thread.sleep(PAUSE);
    }
  }

  /** What is taken away while all processors are wanted for a moment. */
  private static double probe() throws IOException, InterruptedException {
    Machine.Spent before = Machine.Spent.now();
    List<Thread> wanting = new ArrayList<>();
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      wanting.add(Thread.ofPlatform().start(Quiet::spin));
    }
    for (Thread thread : wanting) {
      thread.join();
    }
    return Machine.Spent.now().stolenSince(before);
  }

  private static void spin() {
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < PROBE.toNanos()) {
      Thread.onSpinWait();
    }
  }
}
