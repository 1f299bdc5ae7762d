package io.carillon.core.connection;

import java.time.Instant;

/**
 * State of one connection at a moment, as an operator sees it.
 *
 * @param id its name
 * @param user whose it is; empty where the peer has not said yet
 * @param protocol name of the protocol that is spoken on it
 * @param carrier what carries it just now
 * @param opened when it was opened, in database time
 * @param waiting bytes that wait to be written
 */
public record ConnectionState(
    String id, String user, String protocol, Carrier carrier, Instant opened, int waiting) {}
