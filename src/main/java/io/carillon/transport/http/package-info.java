/**
 * Events over plain HTTP: history, streams and long polls of one room or several. One path, told
 * apart by {@code Accept} and {@code Prefer}.
 *
 * <p>A stream's writes block, bounded by the server's write timeout, on a virtual thread that lives
 * only while there is something to write. A long poll is a connection whose carrier answers with
 * the first batch.
 *
 * <p>Knows the core and the interfaces of {@code io.carillon.protocol}; no protocol, no other
 * transport, no security (the request's user principal says who it is). What a resource throws is
 * answered by the exception mappers of the REST API.
 */
@NullMarked
package io.carillon.transport.http;

import org.jspecify.annotations.NullMarked;
