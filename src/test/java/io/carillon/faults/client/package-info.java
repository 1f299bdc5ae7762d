/**
 * The clients of a run of faults: readers that come back, publishers that retry with their key,
 * members that come and go. Each writes what it asked and got into the history, and nothing else
 * judges here.
 */
@NullMarked
package io.carillon.faults.client;

import org.jspecify.annotations.NullMarked;
