/**
 * Observability for operators: counters and latencies as MicroProfile Metrics, health checks, and
 * the figures that every instance publishes about itself once a second.
 *
 * <p>Measuring happens in plain Java that is wait-free on the hot path ({@link
 * io.carillon.observability.MetricsProbe}); once a second the sums are handed on ({@link
 * io.carillon.observability.MetricsExport}, {@link io.carillon.observability.InstanceReporter}). No
 * metric is tagged with a room or a user.
 *
 * <p>Knows the vocabulary and {@code core.spi}; no room, no transport, no JDBC.
 */
@NullMarked
package io.carillon.observability;

import org.jspecify.annotations.NullMarked;
