package io.carillon.api;

import io.carillon.core.ErrorCode;
import io.carillon.core.Rejection;
import io.carillon.core.json.ProblemText;
import jakarta.ws.rs.core.Response;

/** Answers of the media type {@code application/problem+json}. */
final class Problems {
  private Problems() {}

  static Response of(Rejection rejection) {
    return of(rejection.code().status(), rejection).build();
  }

  static Response of(ErrorCode code) {
    return of(Rejection.of(code));
  }

  /** With a status of its own, as the container decides some. */
  static Response.ResponseBuilder of(int status, Rejection rejection) {
    Response.ResponseBuilder answer =
        Response.status(status)
            .type(ProblemText.MEDIA_TYPE)
            .entity(ProblemText.of(status, rejection));
    long seconds = ProblemText.retryAfterSeconds(rejection);
    if (seconds > 0 && status == rejection.code().status()) {
      answer.header("Retry-After", seconds);
    }
    if (rejection.code() == ErrorCode.UNAUTHENTICATED) {
      answer.header("WWW-Authenticate", "Bearer realm=\"carillon\"");
    }
    return answer;
  }
}
