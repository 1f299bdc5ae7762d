package io.carillon.transport.poll;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Request that is to be handed to another instance.
 *
 * @param hop what is said of it
 * @param method HTTP method
 * @param target path and query, as they were sent
 * @param headers those that are handed on
 * @param body null: it has none
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
record HopCall(
    HopWord hop,
    String method,
    String target,
    Map<String, List<String>> headers,
    byte @Nullable [] body) {
  /** What is sealed of a request. */
  static String sealed(String method, String target) {
    return method + ' ' + target;
  }

  /** Path and query of a request, as they are sealed. */
  static String target(String path, @Nullable String query) {
    return query == null ? path : path + '?' + query;
  }
}
