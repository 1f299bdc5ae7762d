/**
 * Composition root: settings, the object graph, and the order of starting and stopping. No other
 * package knows this one.
 */
@NullMarked
package io.carillon.bootstrap;

import org.jspecify.annotations.NullMarked;
