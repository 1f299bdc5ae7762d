package io.carillon.observability;

import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Sources of the instance's gauges. Each is read from any thread and must answer from memory.
 *
 * @param rooms number of rooms with readers on this instance
 * @param queueBytes bytes in all send queues
 * @param spareWriters number of extra threads that write to sockets while the usual ones are stuck
 * @param listening whether messages of other instances arrive at the moment
 * @param recentBytes bytes of the latest events of all rooms
 * @param daysAhead days after today with a partition of the log; -1: not known yet
 * @param queueUsage use of the database's queue of notifications, 0 to 1
 * @param unnumbered rows published in transactions that have no number and are never relayed
 * @param presenceTrouble seconds since presence began to fail; 0: it works
 * @param backplane sums of the backplane
 */
public record InstanceGauges(
    LongSupplier rooms,
    LongSupplier queueBytes,
    LongSupplier spareWriters,
    BooleanSupplier listening,
    LongSupplier recentBytes,
    LongSupplier daysAhead,
    DoubleSupplier queueUsage,
    LongSupplier unnumbered,
    DoubleSupplier presenceTrouble,
    BackplaneSums backplane) {

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
  public record BackplaneSums(
      LongSupplier rings,
      LongSupplier ringFailures,
      LongSupplier listens,
      LongSupplier malformed,
      LongSupplier forged,
      LongSupplier dropped) {}
}
