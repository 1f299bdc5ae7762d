/**
 * Authentication: the identity of a request and what its credential allows, checked by one filter
 * before every upgrade, stream and call; tokens, tickets, origins, revocations. Everything fails
 * closed, and nothing says to a peer why a credential was not good.
 *
 * <p>Knows the vocabulary, {@code core.json} and {@code core.spi}; not rooms, no transport, no
 * database. Its objects are made in {@code bootstrap}.
 */
@NullMarked
package io.carillon.security;

import org.jspecify.annotations.NullMarked;
