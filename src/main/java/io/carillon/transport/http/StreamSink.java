package io.carillon.transport.http;

import io.carillon.core.CloseCode;
import io.carillon.core.Delivery;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Carrier;
import io.carillon.core.connection.Farewell;
import io.carillon.core.connection.Frame;
import io.carillon.core.connection.FrameSink;
import io.carillon.protocol.CursorList;
import io.carillon.protocol.StreamFormat;
import io.carillon.protocol.StreamFrame;
import io.carillon.transport.request.RequestEnd;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Writes one stream. Writes block, at most as long as the server's write timeout; several frames go
 * into one flush. Writes of a connection never overlap, so what is not atomic here needs no lock:
 * the connection's send queue orders one write before the next.
 */
final class StreamSink implements FrameSink {
  private static final System.Logger LOG = System.getLogger(StreamSink.class.getName());

  private final AsyncContext carrier;
  private final RequestEnd end;
  private final StreamFormat format;
  private final @Nullable RoomName only;
  private final CursorList position;
  private final Duration retry;
  private final AtomicBoolean over = new AtomicBoolean();
  private volatile boolean begun;

  /**
   * Makes a sink that has written nothing.
   *
   * @param end of the same request
   * @param rooms what it tells of; of a single one positions are told in short
   * @param retry after what time the client comes back by itself
   */
  StreamSink(
      AsyncContext carrier,
      RequestEnd end,
      StreamFormat format,
      List<RoomName> rooms,
      Duration retry) {
    this.carrier = carrier;
    this.end = end;
    this.format = format;
    this.only = rooms.size() == 1 ? rooms.getFirst() : null;
    this.position = new CursorList(rooms);
    this.retry = retry;
  }

  @Override
  public Carrier carrier() {
    return new Carrier("sse", end.address());
  }

  @Override
  public void write(List<Frame> frames, Written done) {
    boolean ok;
    try {
      writeNow(frames);
      ok = true;
    } catch (IOException | IllegalStateException broken) {
      LOG.log(Level.DEBUG, "a stream broke", broken);
      ok = false;
    } catch (RuntimeException defect) {
      LOG.log(Level.ERROR, "a stream could not be written; it is ended", defect);
      ok = false;
    }
    done.ended(ok);
  }

  private void writeNow(List<Frame> frames) throws IOException {
    if (over.get()) {
      throw new IOException("the stream is over");
    }
    // Not the response that a resource method is given: that one is bound to its thread.
    HttpServletResponse response = (HttpServletResponse) carrier.getResponse();
    boolean first = !begun;
    if (first) {
      begin(response);
    }
    OutputStream out = response.getOutputStream();
    if (first) {
      out.write(format.retry(retry));
    }
    for (Frame frame : frames) {
      write((StreamFrame) frame, out);
    }
    out.flush();
    if (first) {
      // The first flush of an asynchronous answer does not leave the server by itself.
      response.flushBuffer();
    }
  }

  private void write(StreamFrame frame, OutputStream out) throws IOException {
    if (only != null && frame.isOf(only)) {
      frame.writeAlone(out, format);
      return;
    }
    frame.writeTo(out);
    if (!frame.positions().isEmpty()) {
      position.advance(frame.positions());
      out.write(format.position(position));
    }
  }

  private void begin(HttpServletResponse response) {
    begun = true;
    response.setStatus(HttpServletResponse.SC_OK);
    response.setContentType(format.mediaType());
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("X-Accel-Buffering", "no");
  }

  @Override
  public void close(CloseCode code, Farewell farewell, Runnable closed) {
    end.then(closed);
    complete();
  }

  /** The request is answered in another way: nothing is written and nothing is completed here. */
  void abandon() {
    over.set(true);
  }

  /** Answers with a farewell only; instead of a connection, on the thread of the request. */
  void refuse(Delivery.Goodbye goodbye) {
    over.set(false);
    write(List.of(format.encoder().encode(goodbye)), ok -> complete());
  }

  private void complete() {
    if (over.compareAndSet(false, true)) {
      try {
        carrier.complete();
      } catch (IllegalStateException already) {
        LOG.log(Level.DEBUG, "a stream was completed already", already);
      }
    }
  }
}
