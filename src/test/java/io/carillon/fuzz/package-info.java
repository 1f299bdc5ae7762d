/**
 * Inputs that nobody would write by hand, for the parsers of what strangers send: a kept corpus and
 * changes of it in each build, and a search by coverage with {@code mvn -Pfuzz}.
 */
@NullMarked
package io.carillon.fuzz;

import org.jspecify.annotations.NullMarked;
