package io.carillon.transport.poll;

/**
 * What an instance says of a request that it hands to another one.
 *
 * @param to id of the instance that is meant
 * @param address of the client
 * @param secure whether the client came by TLS
 * @param host the client's {@code Host}; empty: it had none
 */
record HopWord(String to, String address, boolean secure, String host) {
  /** Whether a character is a digit of a port. */
  static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }
}
