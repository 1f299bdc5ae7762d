package io.carillon.observability;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Where figures that are states, not counts, are read from. Each is asked from any thread and must
 * answer from memory.
 *
 * @param rooms rooms that are open on this instance because someone reads them here
 * @param outboxBytes what waits in all outboxes, in bytes
 * @param listening whether the backplane hears other instances at the moment
 */
public record InstanceGauges(
    LongSupplier rooms, LongSupplier outboxBytes, BooleanSupplier listening) {}
