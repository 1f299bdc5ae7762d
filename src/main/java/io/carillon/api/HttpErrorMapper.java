package io.carillon.api;

import io.carillon.core.ErrorCode;
import io.carillon.core.Rejection;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/**
 * Mapper of what the container refuses by itself (no such path, method, media type …) to our own
 * form, with its own status. Errors of the server become a plain 500.
 */
@Provider
public class HttpErrorMapper implements ExceptionMapper<WebApplicationException> {
  @Override
  public Response toResponse(WebApplicationException error) {
    Response own = error.getResponse();
    int status = own.getStatus();
    if (status < 400) {
      return own;
    }
    if (status >= 500) {
      return DefectMapper.answer(error);
    }
    Response.ResponseBuilder answer = Problems.of(status, Rejection.of(code(status)));
    String allow = own.getHeaderString(HttpHeaders.ALLOW);
    if (allow != null) {
      answer.header(HttpHeaders.ALLOW, allow);
    }
    return answer.build();
  }

  private static ErrorCode code(int status) {
    return switch (status) {
      case 400 -> ErrorCode.BAD_FRAME;
      case 401 -> ErrorCode.UNAUTHENTICATED;
      case 403 -> ErrorCode.FORBIDDEN;
      case 404 -> ErrorCode.NOT_FOUND;
      case 413 -> ErrorCode.TOO_LARGE;
      case 429 -> ErrorCode.RATE;
      default -> ErrorCode.UNSUPPORTED;
    };
  }
}
