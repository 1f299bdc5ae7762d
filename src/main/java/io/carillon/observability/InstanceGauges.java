package io.carillon.observability;

import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Sources of the figures that are states, not counts. Each is asked from any thread and must answer
 * from memory.
 *
 * @param rooms rooms that are open on this instance because someone reads them here
 * @param outboxBytes what waits in all send queues, in bytes
 * @param spareWriters how many threads beyond the usual write to sockets, because those are stuck
 * @param listening whether the backplane hears other instances at the moment
 * @param recentBytes what the latest events of all rooms take, in bytes
 * @param daysAhead for how many days after today the log has place; -1: not known yet
 * @param queueUsage how full the database's queue of notifications is, 0 to 1
 * @param unnumbered rows published in transactions that have no number and are never relayed
 * @param presenceTrouble for how many seconds presence could not be written or told; 0: all is well
 * @param backplane what the backplane has counted
 */
public record InstanceGauges(
    LongSupplier rooms,
    LongSupplier outboxBytes,
    LongSupplier spareWriters,
    BooleanSupplier listening,
    LongSupplier recentBytes,
    LongSupplier daysAhead,
    DoubleSupplier queueUsage,
    LongSupplier unnumbered,
    DoubleSupplier presenceTrouble,
    Backplane backplane) {

  /**
   * Sums of the backplane, which only grow.
   *
   * @param rings notifying transactions
   * @param ringFailures notifying transactions that failed
   * @param listens how often listening began
   * @param malformed arrivals that are not ours
   * @param forged sealed signals with a bad seal, or said twice
   * @param dropped signals and control signals that could not be sent or read
   */
  public record Backplane(
      LongSupplier rings,
      LongSupplier ringFailures,
      LongSupplier listens,
      LongSupplier malformed,
      LongSupplier forged,
      LongSupplier dropped) {}
}
