package io.carillon.architecture.planted.transport.http;

import jakarta.websocket.Session;

/** Planted: the WebSocket API outside of its home. */
record HttpHoldsSession(Session session) {}
