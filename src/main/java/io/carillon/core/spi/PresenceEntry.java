package io.carillon.core.spi;

import java.time.Instant;

/**
 * Entry of one connection, or one lease, that makes a user a member of a room; or the mark of an
 * entry that ended.
 *
 * @param instance the instance of the connection; empty for a lease
 * @param connection the connection's id; for a lease the user
 * @param user the member
 * @param state the tracked state
 * @param since since when the user has been a member, in the store's time
 * @param tracked the order of tracks: the greatest of a user's entries gives the state
 * @param leaving whether the connection is gone and only its grace keeps the entry
 * @param gone whether this is only the mark of an entry that ended
 */
public record PresenceEntry(
    String instance,
    String connection,
    String user,
    String state,
    Instant since,
    long tracked,
    boolean leaving,
    boolean gone) {}
