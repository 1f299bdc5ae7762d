/**
 * Small clients for tests: a socket of {@code carillon.v1}, an event stream, and plain calls. They
 * check every frame they get against the schema of the wire, keep all of them in order, and never
 * sleep: each wait ends with what was awaited or with an {@link AssertionError} that says what came
 * instead.
 */
@NullMarked
package io.carillon.kit.client;

import org.jspecify.annotations.NullMarked;
