package io.carillon.core.connection;

/**
 * Carrier of a connection, as an operator sees it.
 *
 * @param transport {@code websocket}, {@code sse}, {@code poll}, or {@code unknown}
 * @param address the peer's address as the container knows it: behind a trusted proxy the one that
 *     the proxy tells; empty where it is not known
 */
public record Carrier(String transport, String address) {
  /** A carrier of which nothing is known. */
  public static final Carrier UNKNOWN = new Carrier("unknown", "");
}
