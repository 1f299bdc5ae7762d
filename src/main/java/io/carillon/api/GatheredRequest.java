package io.carillon.api;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Request whose body was read before. */
final class GatheredRequest extends HttpServletRequestWrapper {
  private volatile byte[] body = new byte[0];

  GatheredRequest(HttpServletRequest request) {
    super(request);
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
