package io.carillon.transport.poll;

import io.carillon.core.CloseCode;
import io.carillon.core.RefusedException;
import io.carillon.core.Rejection;
import io.carillon.core.connection.Farewell;
import io.carillon.protocol.Message;
import io.carillon.protocol.Peer;
import io.carillon.protocol.Protocol;
import io.carillon.transport.duplex.MovableLink;
import io.carillon.transport.request.RequestEnd;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Servlet of one protocol over Engine.IO 4 (github.com/socketio/engine.io-protocol): long polls,
 * and upgrades to WebSocket. A GET without {@code sid} opens a session and is answered with its
 * first packet; a GET with {@code sid} waits for packets, a POST with it sends some. To be mapped,
 * with async support, behind the credential filter. Thread-safe.
 */
public final class EngineServlet extends HttpServlet {
  @Serial private static final long serialVersionUID = 1;

  private static final System.Logger LOG = System.getLogger(EngineServlet.class.getName());
  private static final String JSON = "application/json";
  private static final byte[] OK = "ok".getBytes(StandardCharsets.US_ASCII);

  private final transient Polls polls;
  private final transient Protocol protocol;
  private final transient Packing packing = new EnginePacking();
  private final transient Upgrader upgrader;
  private final transient Executor patient;

  /** Upgrade of a request to a WebSocket. */
  @FunctionalInterface
  public interface Upgrader {
    /**
     * Upgrades a request.
     *
     * @param protocol protocol of the socket
     * @param peer the request as protocols see it
     * @param moving link that is to move to the socket; null: the socket opens a new one
     */
    void upgrade(
        HttpServletRequest request,
        HttpServletResponse response,
        Protocol protocol,
        Peer peer,
        @Nullable MovableLink moving)
        throws ServletException, IOException;
  }

  /**
   * Creates the servlet.
   *
   * @param patient reads and writes bodies, which blocks: give virtual threads
   */
  public EngineServlet(Polls polls, Protocol protocol, Upgrader upgrader, Executor patient) {
    this.polls = polls;
    this.protocol = protocol;
    this.upgrader = upgrader;
    this.patient = patient;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    EngineRequest asked;
    try {
      asked = EngineRequest.of(request);
    } catch (RefusedException notEncoded) {
      refuse(response, EngineError.BAD_REQUEST);
      return;
    }
    if (!protocol.paths().contains(asked.path())) {
      response.setStatus(HttpServletResponse.SC_NOT_FOUND);
      return;
    }
    EngineError error = asked.error();
    DuplexPoll poll = null;
    if (error == null && asked.session() != null) {
      Principal principal = request.getUserPrincipal();
      String session = asked.session();
      poll = asked.upgrade() ? polls.known(session, principal) : polls.find(session, principal);
      error = poll == null || forfeited(poll) ? EngineError.SESSION_UNKNOWN : null;
    }
    Peer peer = new Peer(asked.path(), Map.of(), asked.query());
    if (error != null) {
      refuse(response, error);
    } else if (asked.upgrade()) {
      upgrader.upgrade(request, response, protocol, peer, poll);
    } else if (poll == null) {
      async(request, carrier -> begin(request, carrier, peer));
    } else {
      serve(request, response, poll);
    }
  }

  /**
   * Whether the session has ended by its peer's fault or wish, for instance by missed heartbeats;
   * it is unknown from then on.
   */
  private static boolean forfeited(DuplexPoll poll) {
    CloseCode why = poll.ending();
    boolean lost =
        switch (why) {
          case HEARTBEAT_MISSED, PROTOCOL, TOO_BIG, NORMAL -> true;
          case null, default -> false;
        };
    if (lost) {
      poll.leave();
    }
    return lost;
  }

  private void serve(HttpServletRequest request, HttpServletResponse response, DuplexPoll poll)
      throws IOException {
    switch (request.getMethod()) {
      case "GET" -> async(request, carrier -> get(carrier, poll));
      case "POST" -> async(request, carrier -> post(request, carrier, poll));
      default -> refuse(response, EngineError.BAD_REQUEST);
    }
  }

  private void begin(HttpServletRequest request, AsyncContext carrier, Peer peer) {
    get(carrier, polls.open(protocol, peer, request.getUserPrincipal()));
  }

  private void get(AsyncContext carrier, DuplexPoll poll) {
    EngineAnswer answer = new EngineAnswer(carrier);
    RequestEnd.of(carrier).then(() -> poll.forget(answer));
    poll.get(answer);
    if (answer.refused) {
      // Both GETs were answered with an error; there is no farewell to fetch.
      poll.leave();
    }
    answer.waits = true;
  }

  private void post(HttpServletRequest request, AsyncContext carrier, DuplexPoll poll)
      throws IOException {
    if (!poll.beginPost()) {
      poll.leave();
      PollResponse.refuse(carrier, EngineError.BAD_REQUEST);
      return;
    }
    EngineBody body;
    boolean taken = false;
    try {
      body = EngineBody.read(request, packing, protocol.maxMessage());
      if (body != null) {
        poll.receive(body.messages());
        taken = body.understood() && !forfeited(poll);
        if (!taken || body.closes()) {
          poll.leave();
        }
      }
    } finally {
      poll.endPost();
    }
    if (body == null) {
      int tooLarge = HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE;
      PollResponse.send(carrier, tooLarge, JSON, new byte[0]);
    } else if (taken) {
      PollResponse.send(carrier, HttpServletResponse.SC_OK, "text/html", OK);
    } else {
      PollResponse.refuse(carrier, EngineError.BAD_REQUEST);
    }
  }

  private void async(HttpServletRequest request, PollWork work) {
    PollWork.start(request, patient, work, EngineServlet::failed);
  }

  /** Answers a request whose work has failed; the only handler of exceptions of these polls. */
  private static void failed(AsyncContext carrier, Exception failure) {
    if (failure instanceof RefusedException refused) {
      Rejection rejection = refused.rejection();
      PollResponse.refuse(carrier, rejection.code().status(), rejection);
    } else {
      LOG.log(Level.DEBUG, "a poll broke", failure);
      PollResponse.refuse(carrier, EngineError.BAD_REQUEST);
    }
  }

  private static void refuse(HttpServletResponse response, EngineError error) throws IOException {
    byte[] body = error.json().getBytes(StandardCharsets.UTF_8);
    response.setStatus(error.status());
    response.setContentType(JSON);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  /** Answer to one GET. */
  private final class EngineAnswer implements DuplexPoll.Waiter {
    private final AsyncContext carrier;

    /** Whether this GET waits, so that another one comes later than it. */
    private volatile boolean waits;

    /** Whether this GET was refused because another one waited. */
    private volatile boolean refused;

    EngineAnswer(AsyncContext carrier) {
      this.carrier = carrier;
    }

    @Override
    public void messages(List<Message> messages) {
      answer(packing.pack(messages));
    }

    @Override
    public void closed(Farewell farewell) {
      answer(packing.pack(farewell));
    }

    @Override
    public void superseded() {
      if (waits) {
        answer(EnginePacking.CLOSE.getBytes(StandardCharsets.US_ASCII));
      } else {
        refused = true;
        patient.execute(() -> PollResponse.refuse(carrier, EngineError.BAD_REQUEST));
      }
    }

    private void answer(byte[] body) {
      patient.execute(
          () -> PollResponse.send(carrier, HttpServletResponse.SC_OK, packing.mediaType(), body));
    }
  }
}
