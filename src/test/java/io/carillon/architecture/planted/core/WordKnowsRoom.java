package io.carillon.architecture.planted.core;

import io.carillon.architecture.planted.core.room.Room;

/** Planted: a word that knows a service. */
record WordKnowsRoom(Room room) {}
