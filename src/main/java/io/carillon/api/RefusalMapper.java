package io.carillon.api;

import io.carillon.core.RefusedException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** Mapper of what the core refused to an answer. */
@Provider
public class RefusalMapper implements ExceptionMapper<RefusedException> {
  @Override
  public Response toResponse(RefusedException refused) {
    return Problems.of(refused.rejection());
  }
}
