package io.carillon.store.jdbc;

import io.carillon.core.spi.LogReads;

/** Bounds of one page, which holds one event in any case. */
record Most(int events, int bytes) {
  Most {
    events = Math.max(0, events);
    bytes = Math.clamp(bytes, 0, LogReads.PAGE_BYTES);
  }
}
