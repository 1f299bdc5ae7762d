/**
 * Composition root: settings, what is made of them, which part gets which, and the order of
 * starting and stopping. No other package knows this one.
 */
@NullMarked
package io.carillon.bootstrap;

import org.jspecify.annotations.NullMarked;
