package io.carillon.architecture.planted.protocol.other;

import io.carillon.architecture.planted.protocol.json.Codec;

/** Planted: a protocol that knows another. */
record OneProtocol(Codec sibling) {}
