package io.carillon.architecture.planted.core.room;

import io.carillon.architecture.planted.core.presence.CycleBack;

/** Planted: half of a cycle. */
public record CycleForth(CycleBack back) {}
