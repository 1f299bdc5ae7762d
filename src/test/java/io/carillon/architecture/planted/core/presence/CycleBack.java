package io.carillon.architecture.planted.core.presence;

import io.carillon.architecture.planted.core.room.Room;

/** Planted: the other half of the cycle. */
public record CycleBack(Room room) {}
