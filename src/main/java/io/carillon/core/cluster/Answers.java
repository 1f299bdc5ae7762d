package io.carillon.core.cluster;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/** Collection of the answers to one question, complete when all instances have answered. */
final class Answers {
  private final ReentrantLock lock = new ReentrantLock();
  private final CompletableFuture<ClusterAnswer> done = new CompletableFuture<>();

  /** By incarnation. */
  @GuardedBy("lock")
  private final Map<String, Gathered> all = new LinkedHashMap<>();

  /** How many instances there are; negative: not known yet. */
  @GuardedBy("lock")
  private int instances = -1;

  private record Gathered(String name, int size, List<String> pages) {
    boolean whole() {
      return pages.size() >= size;
    }
  }

  CompletableFuture<ClusterAnswer> done() {
    return done;
  }

  /** So many instances were asked. */
  void expect(int count) {
    lock.lock();
    try {
      instances = count;
    } finally {
      lock.unlock();
    }
    completeIfWhole();
  }

  /** The whole answer of one. */
  void whole(String id, String name, List<String> pages) {
    lock.lock();
    try {
      all.put(id, new Gathered(name, 0, pages));
    } finally {
      lock.unlock();
    }
    completeIfWhole();
  }

  /** One page of an answer. */
  void page(String id, String name, String page, int pages) {
    lock.lock();
    try {
      all.computeIfAbsent(id, i -> new Gathered(name, pages, new ArrayList<>())).pages.add(page);
    } finally {
      lock.unlock();
    }
    completeIfWhole();
  }

  private void completeIfWhole() {
    ClusterAnswer whole = null;
    lock.lock();
    try {
      long answered = all.values().stream().filter(Gathered::whole).count();
      if (instances >= 0 && answered >= instances) {
        whole = answer();
      }
    } finally {
      lock.unlock();
    }
    if (whole != null) {
      done.complete(whole);
    }
  }

  /** The time is over. */
  void giveUp() {
    ClusterAnswer partial;
    lock.lock();
    try {
      partial = answer();
    } finally {
      lock.unlock();
    }
    done.complete(partial);
  }

  @GuardedBy("lock")
  private ClusterAnswer answer() {
    List<ClusterAnswer.Part> parts =
        all.entrySet().stream()
            .filter(each -> each.getValue().whole())
            .map(
                each ->
                    new ClusterAnswer.Part(
                        each.getKey(), each.getValue().name, each.getValue().pages))
            .sorted(Comparator.comparing(ClusterAnswer.Part::instance))
            .toList();
    int silent = Math.max(0, Math.max(instances, all.size()) - parts.size());
    return new ClusterAnswer(parts, silent);
  }
}
