/**
 * The log and the small stores, in plain SQL over JDBC. The truth about the tables stands in {@code
 * db/schema.sql}.
 *
 * <p>Publishing: {@link io.carillon.store.jdbc.JdbcEventLog} hashes a room to one of a few writers;
 * a writer commits all publishes queued during its previous commit, in one call of {@code
 * carillon.append_at}. {@link io.carillon.store.jdbc.OutboxRelay} moves what transactions published
 * by {@code carillon.publish} into the same log.
 *
 * <p>Lock order in the database: rows of {@code outbox_order} by number, then rows of {@code room}
 * by name, then rows of {@code room_head} by id. In the JVM: a queue's lock is taken last and never
 * held over a call of the database or of a listener.
 *
 * <p>Knows {@code core} and {@code core.spi} only; threads, timers and data sources are given.
 */
@NullMarked
package io.carillon.store.jdbc;

import org.jspecify.annotations.NullMarked;
