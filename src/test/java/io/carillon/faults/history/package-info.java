/**
 * What a run of faults writes down: one entry for whatever a client asked, got or saw, in the order
 * in which the driver learnt of it. Knows neither the product nor the driver, so that a history can
 * be judged again years later.
 */
@NullMarked
package io.carillon.faults.history;

import org.jspecify.annotations.NullMarked;
