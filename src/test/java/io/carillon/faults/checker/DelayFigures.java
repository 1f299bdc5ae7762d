package io.carillon.faults.checker;

/**
 * Delays in milliseconds; -1 if there is nothing to measure.
 *
 * @param p50 from acknowledgement to delivery in quiet times, the median
 * @param p99 the same, 99 of 100
 * @param max the same, the longest
 * @param worst the longest at all, faults included
 * @param recover from healing to the end of all that was disturbed, the longest of all faults
 * @param away between two connections of a reader, the longest
 * @param seconds length of the history
 */
public record DelayFigures(
    long p50, long p99, long max, long worst, long recover, long away, long seconds) {}
