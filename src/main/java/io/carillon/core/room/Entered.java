package io.carillon.core.room;

import io.carillon.core.Head;

/**
 * Result of entering a room.
 *
 * @param head the head as this instance knows it
 * @param seq the position after which the reader's events follow
 */
record Entered(Head head, long seq) {}
