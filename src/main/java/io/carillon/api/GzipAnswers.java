package io.carillon.api;

import io.carillon.core.coding.Gzip;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.WriterInterceptor;
import jakarta.ws.rs.ext.WriterInterceptorContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Compression of JSON answers of more than some 1,000 bytes, for clients that take gzip. Streams
 * are written past this: what waits for more to compress would come late.
 */
@Provider
public class GzipAnswers implements ContainerRequestFilter, WriterInterceptor {
  private static final String TAKEN = "carillon.gzip";

  @Override
  public void filter(ContainerRequestContext request) {
    List<String> accepted = request.getHeaders().get(Gzip.ACCEPTED);
    if (accepted != null && Gzip.isTaken(accepted)) {
      request.setProperty(TAKEN, true);
    }
  }

  @Override
  public void aroundWriteTo(WriterInterceptorContext context) throws IOException {
    if (context.getProperty(TAKEN) == null || !isJson(context.getMediaType())) {
      context.proceed();
      return;
    }
    OutputStream out = context.getOutputStream();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    context.setOutputStream(all);
    context.proceed();
    byte[] plain = all.toByteArray();
    byte[] packed = Gzip.packedFast(plain);
    if (packed != null) {
      context.getHeaders().putSingle(HttpHeaders.CONTENT_ENCODING, "gzip");
      context.getHeaders().remove(HttpHeaders.CONTENT_LENGTH);
    }
    out.write(packed == null ? plain : packed);
  }

  private static boolean isJson(MediaType type) {
    return type != null && type.getSubtype().endsWith("json");
  }
}
