package io.carillon.api;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Request whose body was read before. */
final class GatheredRequest extends HttpServletRequestWrapper {
  private final @Nullable String query;
  private volatile byte[] body = new byte[0];

  GatheredRequest(HttpServletRequest request) {
    super(request);
    query = request.getQueryString();
  }

  /**
   * Where to dispatch it: its path alone. By itself the container takes the query along, decoded,
   * and finds nothing if that has a slash.
   */
  String path() {
    return decoded(getRequestURI().substring(getContextPath().length()));
  }

  /** The container encodes it again; a plus sign is none of a form. */
  private static String decoded(String path) {
    try {
      return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return path;
    }
  }

  /** As it was sent, before and after the dispatch. */
  @Override
  public @Nullable String getQueryString() {
    return query;
  }

  /** The body as it comes in. */
  InputStream raw() throws IOException {
    return super.getInputStream();
  }

  /** What came in. */
  void is(byte[] whole) {
    body = whole;
  }

  @Override
  public ServletInputStream getInputStream() {
    return new Whole(new ByteArrayInputStream(body));
  }

  private static final class Whole extends ServletInputStream {
    private final ByteArrayInputStream in;

    Whole(ByteArrayInputStream in) {
      this.in = in;
    }

    @Override
    public int read() {
      return in.read();
    }

    @Override
    public int read(byte[] to, int from, int length) {
      return in.read(to, from, length);
    }

    @Override
    public int available() {
      return in.available();
    }

    @Override
    public boolean isFinished() {
      return in.available() == 0;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
      throw new IllegalStateException("everything is here already");
    }
  }
}
