package io.carillon.core;

/**
 * Carries a {@link Rejection} out of a constructor or a blocking call to the one place of a
 * transport that answers it. Without a stack trace: it is an answer, not a defect.
 */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Rejection rejection;

  /** Refuses with a bare code. */
  public RefusedException(ErrorCode code) {
    this(Rejection.of(code));
  }

  /** Refuses with a whole rejection. */
  public RefusedException(Rejection rejection) {
    super(rejection.code().code(), null, false, false);
    this.rejection = rejection;
  }

  /** What to answer. */
  public Rejection rejection() {
    return rejection;
  }
}
