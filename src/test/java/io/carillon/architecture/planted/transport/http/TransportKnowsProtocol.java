package io.carillon.architecture.planted.transport.http;

import io.carillon.architecture.planted.protocol.json.Codec;

/** Planted: a transport that knows a protocol. */
record TransportKnowsProtocol(Codec codec) {}
