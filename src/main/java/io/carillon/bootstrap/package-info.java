/**
 * The only place that sees everything: settings, what is made of them, who is given what, and the
 * order of starting and stopping. Nobody knows this package.
 */
@NullMarked
package io.carillon.bootstrap;

import org.jspecify.annotations.NullMarked;
