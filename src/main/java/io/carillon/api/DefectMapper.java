package io.carillon.api;

import io.carillon.core.ErrorCode;
import io.carillon.core.Rejection;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/**
 * Mapper of all other exceptions: logged once, answered with a 500 that tells nothing of it. Its
 * code is {@code unknown}: the request may have been done.
 */
@Provider
public class DefectMapper implements ExceptionMapper<Throwable> {
  private static final System.Logger LOG = System.getLogger(DefectMapper.class.getName());

  @Override
  public Response toResponse(Throwable defect) {
    return answer(defect);
  }

  static Response answer(Throwable defect) {
    LOG.log(System.Logger.Level.ERROR, "a request ended in a defect", defect);
    return Problems.of(500, Rejection.of(ErrorCode.UNKNOWN)).build();
  }
}
