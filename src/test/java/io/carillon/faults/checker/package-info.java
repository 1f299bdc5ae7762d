/**
 * Judges a history against the guarantees of docs/guarantees.md: pure, after the fact, from nothing
 * but the entries, so that a kept history is judged the same way again. One small class a rule;
 * what several rules need to know is gathered once in {@code Facts}. May know the history and
 * nothing else: neither the driver nor the product.
 */
@NullMarked
package io.carillon.faults.checker;

import org.jspecify.annotations.NullMarked;
