package io.carillon.core.room;

import io.carillon.core.Head;

/**
 * What a reader found when it came in.
 *
 * @param head the head as this instance knows it
 * @param seq the position after which its events follow
 */
record Entered(Head head, long seq) {}
