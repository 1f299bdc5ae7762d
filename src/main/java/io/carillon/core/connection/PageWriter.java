package io.carillon.core.connection;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.Rejection;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * Maker and writer of whole pages for peers who may read slowly or not at all: not on the thread
 * that asked, which open sockets need too, and with a bound on what all peers together have not
 * read yet. One for all kinds of pages. Thread-safe.
 */
public final class PageWriter {
  /** Most characters of all pages that are being made or written. */
  private static final int MOST = 64 * 1024 * 1024;

  /** What a page is taken for until it is made. */
  private static final int GREATEST_PAGE = 1024 * 1024;

  /** How long a page waits for others to be read. */
  private static final int PATIENCE_S = 5;

  private final Executor writers;
  private final Semaphore room = new Semaphore(MOST, true);

  /**
   * Takes what runs the work.
   *
   * @param writers each write blocks up to the server's write timeout: give virtual threads
   */
  public PageWriter(Executor writers) {
    this.writers = writers;
  }

  /**
   * Answers with a page, or with what its making threw; {@code overloaded}, if too much is unread.
   * Returns at once.
   *
   * @param page makes it, on a writer's thread: knows nothing of the thread that asked
   * @param answer writes it; returns when it is written
   * @param failed is told instead
   */
  public void answer(
      Supplier<String> page, Consumer<String> answer, Consumer<RuntimeException> failed) {
    answer(page, String::length, answer, failed);
  }

  /**
   * The same of a page of another kind.
   *
   * @param size about how many characters or bytes it has
   */
  public <T> void answer(
      Supplier<T> page,
      ToIntFunction<T> size,
      Consumer<T> answer,
      Consumer<RuntimeException> failed) {
    writers.execute(
        () -> {
          try {
            write(page, size, answer);
          } catch (RuntimeException e) {
            failed.accept(e);
          }
        });
  }

  private <T> void write(Supplier<T> page, ToIntFunction<T> size, Consumer<T> answer) {
    int taken = GREATEST_PAGE;
    if (!acquired()) {
      throw new RefusedException(Rejection.retry(ErrorCode.OVERLOADED, Duration.ofSeconds(1)));
    }
    try {
      T made = page.get();
      int rest = Math.max(0, taken - size.applyAsInt(made));
      room.release(rest);
      taken -= rest;
      answer.accept(made);
    } finally {
      room.release(taken);
    }
  }

  private boolean acquired() {
    try {
      return room.tryAcquire(GREATEST_PAGE, PATIENCE_S, TimeUnit.SECONDS);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
