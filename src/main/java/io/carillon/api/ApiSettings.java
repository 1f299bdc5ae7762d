package io.carillon.api;

/**
 * Settings of the REST side.
 *
 * @param bodyLimit greatest request body in bytes
 * @param traceparent {@code carillon.publish.traceparent}: whether events keep the trace context of
 *     the call that publishes them
 */
public record ApiSettings(int bodyLimit, boolean traceparent) {
  /** 1 MiB; no trace context is kept. */
  public static final ApiSettings DEFAULTS = new ApiSettings(1024 * 1024, false);

  /** The same with or without trace contexts. */
  public ApiSettings withTraceparent(boolean kept) {
    return new ApiSettings(bodyLimit, kept);
  }
}
