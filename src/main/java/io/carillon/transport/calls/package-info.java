/**
 * Carrier of single HTTP calls, such as those of Pusher's HTTP API: reads a request, passes it to
 * the protocol, writes the answer. Knows the interfaces of {@code protocol} only.
 */
@NullMarked
package io.carillon.transport.calls;

import org.jspecify.annotations.NullMarked;
