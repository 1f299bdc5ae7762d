package io.carillon.api;

/**
 * Bounds of the REST side.
 *
 * @param bodyLimit greatest request body in bytes
 */
public record ApiSettings(int bodyLimit) {
  /** 1 MiB. */
  public static final ApiSettings DEFAULTS = new ApiSettings(1024 * 1024);
}
