/** A protocol that sends every message back, for suites that test sockets as such. */
@NullMarked
package io.carillon.mirror;

import org.jspecify.annotations.NullMarked;
