package io.carillon.api;

import io.carillon.core.ErrorCode;
import io.carillon.core.spi.LogUnavailableException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** Mapper of an unreachable database to an answer; the peer does not hear what the driver said. */
@Provider
public class StorageMapper implements ExceptionMapper<LogUnavailableException> {
  private static final System.Logger LOG = System.getLogger(StorageMapper.class.getName());

  @Override
  public Response toResponse(LogUnavailableException unavailable) {
    LOG.log(System.Logger.Level.WARNING, "a request failed at the database", unavailable);
    return Problems.of(ErrorCode.STORAGE);
  }
}
