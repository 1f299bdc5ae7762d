package io.carillon.architecture.planted.core.room;

/** Planted: a thread made at home. */
final class StartsThreads {
  Thread start(Runnable task) {
    return Thread.startVirtualThread(task);
  }
}
