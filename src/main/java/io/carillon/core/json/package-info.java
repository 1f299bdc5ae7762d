/**
 * JSON as text: a strict scanner, the fields of an object as slices of that text, and a writer.
 *
 * <p>Payloads are opaque to Carillon: they are checked once at the edge and then stored and passed
 * on as the same text, so nothing here builds a tree. Plain Java, no library; knows only the error
 * codes of {@code io.carillon.core}.
 */
@NullMarked
package io.carillon.core.json;

import org.jspecify.annotations.NullMarked;
