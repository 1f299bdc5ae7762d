package io.carillon.protocol.socketio;

import io.carillon.core.ErrorCode;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.Rejection;
import io.carillon.core.json.JsonFields;
import io.carillon.core.json.JsonText;
import io.carillon.core.spi.LogUnavailableException;
import io.carillon.protocol.Decoded;
import io.carillon.protocol.LinkControl;
import io.carillon.protocol.Message;
import io.carillon.socketio.ConnectRefusedException;
import io.carillon.socketio.DisconnectReason;
import java.lang.System.Logger.Level;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * CONNECT of one client in a namespace that a bean handles: checks the credential, restores or
 * begins the session, and asks the bean. Blocks; runs once, as the first task of the socket's
 * queue.
 */
final class SocketEntrance {
  private static final int DEPTH = 2 * JsonText.MAX_DEPTH;
  private static final System.Logger LOG = System.getLogger(SocketEntrance.class.getName());

  private final SocketHub hub;
  private final HandledSocket socket;
  private final boolean known;

  /**
   * Creates the entrance.
   *
   * @param known whether the request of the connection had a credential
   */
  SocketEntrance(SocketHub hub, HandledSocket socket, boolean known) {
    this.hub = hub;
    this.socket = socket;
    this.known = known;
  }

  /** Lets the client in or refuses it; does nothing if it has left again meanwhile. */
  void enter() {
    if (!socket.connected()) {
      return;
    }
    try {
      JsonFields auth =
          JsonFields.parse(socket.handshake().auth().json(), DEPTH, ErrorCode.BAD_FRAME);
      Identity who = admit(auth);
      socket.is(who);
      socket.membership().begin(auth, who);
      hub.add(socket);
      socket.space().connect(socket);
      if (who == null && socket.link().identity().isNobody()) {
        socket.link().act(List.of(new Decoded.Identified(Identity.GUEST)));
      }
      socket.membership().joinResumed();
      socket.admitted();
    } catch (ConnectRefusedException refusal) {
      refuse(refusal);
    } catch (LogUnavailableException away) {
      socket.cut();
    } catch (RefusedException refused) {
      Rejection rejection = refused.rejection();
      if (rejection.code().retryable()) {
        socket.cut();
      } else {
        refuse(SocketIoAnswers.refused(socket.space().name(), rejection));
      }
    } catch (Exception | LinkageError | StackOverflowError | AssertionError defect) {
      LOG.log(Level.WARNING, "the handler of " + socket.space().name() + " has failed", defect);
      refuse(HandledFrames.refused(socket.space().name(), "internal", null));
    }
  }

  /**
   * Checks the credential; returns the identity, or null if there is none and the namespace takes
   * such clients.
   */
  private @Nullable Identity admit(JsonFields auth) {
    LinkControl link = socket.link();
    Identity now = link.identity();
    Identity fresh = shown(auth);
    if (fresh != null) {
      if (!now.isUnknown() && !now.user().equals(fresh.user())) {
        throw new RefusedException(ErrorCode.FORBIDDEN);
      }
      link.act(List.of(new Decoded.Identified(fresh)));
      return fresh;
    }
    if (known && !now.isUnknown()) {
      return now;
    }
    if (!socket.space().anonymous()) {
      throw new RefusedException(ErrorCode.UNAUTHENTICATED);
    }
    return null;
  }

  private @Nullable Identity shown(JsonFields auth) {
    String token = text(auth, "token");
    if (token == null) {
      return null;
    }
    try {
      return hub.credentials().verify(token);
    } catch (RefusedException bad) {
      if (socket.space().anonymous()) {
        return null;
      }
      throw bad;
    }
  }

  /** Value of a field; null if it is missing, or no string. */
  static @Nullable String text(JsonFields auth, String field) {
    String raw = auth.raw(field);
    return raw != null && JsonText.isString(raw) ? auth.string(field) : null;
  }

  private void refuse(ConnectRefusedException refusal) {
    Object data = refusal.data();
    String message = refusal.getMessage();
    refuse(
        HandledFrames.refused(
            socket.space().name(),
            message == null ? "refused" : message,
            data == null ? null : hub.emissions().text(data)));
  }

  private void refuse(Message.Text answer) {
    socket.end(DisconnectReason.FORCED_SERVER_CLOSE, answer, true);
  }
}
