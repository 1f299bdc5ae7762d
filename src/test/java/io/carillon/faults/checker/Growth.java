package io.carillon.faults.checker;

/**
 * By how much a figure of an instance may grow over a run.
 *
 * @param absolute in the figure's own unit
 * @param factor of the first value; both are allowed together
 */
public record Growth(long absolute, double factor) {
  /** The most that is allowed after it began with {@code first}. */
  long most(long first) {
    return absolute + (long) (first * (1 + factor));
  }
}
