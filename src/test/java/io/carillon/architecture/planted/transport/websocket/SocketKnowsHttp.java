package io.carillon.architecture.planted.transport.websocket;

import io.carillon.architecture.planted.transport.http.Stream;

/** Planted: a transport that knows another. */
record SocketKnowsHttp(Stream stream) {}
