package io.carillon.faults.checker;

import java.util.Map;

/**
 * How much there was of what.
 *
 * @param published publishes, however often each was tried
 * @param acked publishes with an acknowledgement, or a committed transaction
 * @param unknown publishes with at least one unknown outcome
 * @param unresolved publishes whose outcome was unknown to the end
 * @param refused publishes of which every attempt was refused
 * @param delivered events handed to readers
 * @param joins joins of rooms, the first and the later ones
 * @param resyncs resyncs by reason
 * @param forgiven acknowledged events lost beyond a fork, where that was allowed
 * @param absent readers that were not connected when all was settled
 * @param faults faults that were begun
 */
public record Counts(
    long published,
    long acked,
    long unknown,
    long unresolved,
    long refused,
    long delivered,
    long joins,
    Map<String, Long> resyncs,
    long forgiven,
    long absent,
    long faults) {}
