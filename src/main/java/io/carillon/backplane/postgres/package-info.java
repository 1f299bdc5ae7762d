/**
 * The backplane over PostgreSQL's LISTEN and NOTIFY: one listening connection and one notifying
 * connection an instance, both outside every pool; one constant channel.
 *
 * <p>The events table is the truth and this is only a doorbell: a level ("room r has reached at
 * least s"), never an edge, so that what is lost, repeated or collapsed does no harm. No publish
 * transaction notifies, because a NOTIFY holds one lock of the whole cluster over its commit; the
 * notifier sends one transaction of nothing but notifications at most every few milliseconds.
 *
 * <p>Any role of a database may NOTIFY and LISTEN on any channel. Doorbells are therefore parsed
 * strictly and cause a bounded read at the most, shared by all concurrent requests; signals and
 * control signals are encrypted with a key that only the instances know, and accepted once.
 *
 * <p>Knows JDBC and the driver, {@code core} and {@code core.spi}; not the log, not the stores.
 */
@NullMarked
package io.carillon.backplane.postgres;

import org.jspecify.annotations.NullMarked;
