package io.carillon.architecture.planted.core;

import jakarta.json.JsonObject;

/** Planted: core and a JSON library. */
record CoreReadsJson(JsonObject data) {}
