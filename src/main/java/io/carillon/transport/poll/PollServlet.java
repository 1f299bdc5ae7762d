package io.carillon.transport.poll;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.Rejection;
import io.carillon.core.connection.Farewell;
import io.carillon.core.uri.UriDecoder;
import io.carillon.protocol.Message;
import io.carillon.protocol.Peer;
import io.carillon.protocol.Protocol;
import io.carillon.protocol.ProtocolRegistry;
import io.carillon.transport.request.RequestEnd;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Servlet of protocols over plain long polls, at their own paths. A POST without {@code sid} opens
 * a link and is answered with its id; a GET with {@code sid} waits for messages, a POST with it
 * sends some, a DELETE ends the link. To be mapped, with async support, behind the credential
 * filter. Thread-safe.
 */
public final class PollServlet extends HttpServlet {
  @Serial private static final long serialVersionUID = 1;

  private static final System.Logger LOG = System.getLogger(PollServlet.class.getName());
  private static final String ID = "sid";

  private final transient Polls polls;
  private final transient ProtocolRegistry protocols;
  private final transient Packing packing;
  private final transient Executor patient;

  /** Request for an unknown link. */
  private static final class UnknownLinkException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;
  }

  /**
   * Creates the servlet.
   *
   * @param patient reads and writes bodies, which blocks: give virtual threads
   */
  public PollServlet(Polls polls, ProtocolRegistry protocols, Packing packing, Executor patient) {
    this.polls = polls;
    this.protocols = protocols;
    this.packing = packing;
    this.patient = patient;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response) {
    async(
        request,
        carrier -> {
          DuplexPoll poll = find(request);
          PollAnswer answer = new PollAnswer(carrier);
          RequestEnd.of(carrier).then(() -> poll.forget(answer));
          poll.get(answer);
        });
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response) {
    async(
        request,
        carrier -> {
          String id = id(request);
          Peer peer = protocols.peer(path(request), query(request));
          Protocol protocol = protocols.named(peer.path(), null);
          if (id == null) {
            DuplexPoll poll = polls.open(protocol, peer, request.getUserPrincipal());
            PollResponse.send(
                carrier, 201, "text/plain", poll.id().getBytes(StandardCharsets.US_ASCII));
            return;
          }
          DuplexPoll poll = find(request);
          List<Message> messages = packing.unpack(body(request, 2 * protocol.maxMessage()));
          if (!poll.post(messages)) {
            throw new RefusedException(ErrorCode.BAD_FRAME);
          }
          PollResponse.send(carrier, 204, null, new byte[0]);
        });
  }

  @Override
  protected void doDelete(HttpServletRequest request, HttpServletResponse response) {
    async(
        request,
        carrier -> {
          find(request).leave();
          PollResponse.send(carrier, 204, null, new byte[0]);
        });
  }

  private DuplexPoll find(HttpServletRequest request) {
    DuplexPoll poll = polls.find(id(request), request.getUserPrincipal());
    if (poll == null) {
      throw new UnknownLinkException();
    }
    return poll;
  }

  private static @Nullable String id(HttpServletRequest request) {
    List<String> ids = query(request).get(ID);
    return ids == null ? null : ids.getFirst();
  }

  private static Map<String, List<String>> query(HttpServletRequest request) {
    return UriDecoder.query(request.getQueryString());
  }

  private static String path(HttpServletRequest request) {
    return request.getRequestURI().substring(request.getContextPath().length());
  }

  private static byte[] body(HttpServletRequest request, int bound) throws IOException {
    try (InputStream in = request.getInputStream()) {
      byte[] body = in.readNBytes(bound + 1);
      if (body.length > bound) {
        throw new RefusedException(ErrorCode.TOO_LARGE);
      }
      return body;
    }
  }

  private void async(HttpServletRequest request, PollWork work) {
    PollWork.start(request, patient, work, PollServlet::failed);
  }

  /** Answers a request whose work has failed; the only handler of exceptions of these polls. */
  private static void failed(AsyncContext carrier, Exception failure) {
    switch (failure) {
      case UnknownLinkException unknown ->
          PollResponse.refuse(
              carrier, HttpServletResponse.SC_NOT_FOUND, Rejection.of(ErrorCode.UNSUPPORTED));
      case RefusedException refused -> {
        Rejection rejection = refused.rejection();
        PollResponse.refuse(carrier, rejection.code().status(), rejection);
      }
      default -> {
        LOG.log(Level.DEBUG, "a poll broke", failure);
        bad(carrier);
      }
    }
  }

  private static void bad(AsyncContext carrier) {
    Rejection rejection = Rejection.of(ErrorCode.BAD_FRAME);
    PollResponse.refuse(carrier, rejection.code().status(), rejection);
  }

  /** Answer to one GET. */
  private final class PollAnswer implements DuplexPoll.Waiter {
    private final AsyncContext carrier;

    PollAnswer(AsyncContext carrier) {
      this.carrier = carrier;
    }

    @Override
    public void messages(List<Message> messages) {
      answer(HttpServletResponse.SC_OK, packing.pack(messages));
    }

    @Override
    public void closed(Farewell farewell) {
      answer(HttpServletResponse.SC_OK, packing.pack(farewell));
    }

    @Override
    public void superseded() {
      patient.execute(() -> bad(carrier));
    }

    private void answer(int status, byte[] body) {
      patient.execute(() -> PollResponse.send(carrier, status, packing.mediaType(), body));
    }
  }
}
