package io.carillon.contract;

import io.carillon.core.CloseCode;
import io.carillon.protocol.Message;
import io.carillon.protocol.Protocol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a client says in some protocol what the suite of all protocols wants to be said. */
public interface Dialect {
  /** The protocol. */
  Protocol protocol();

  /** Shows a credential; where that is not part of the protocol nothing is asked for it. */
  Message hello(String token);

  /** Joins a room. */
  Message join(String room);

  /** Joins a room as a member and follows the members by connection; null: it is not offered. */
  default @Nullable Message meet(String room) {
    return null;
  }

  /** Leaves the room that was joined last; only where {@link #meet} is offered. */
  default Message part() {
    throw new UnsupportedOperationException();
  }

  /** Publishes a word to a room that was joined last. */
  Message publish(String room, String word);

  /** What cannot be understood. */
  Message nonsense();

  /** Whether it closes the connection. */
  boolean nonsenseCloses();

  /** The answer to a heartbeat. */
  Message alive();

  /** The parts of a message, where one may hold several. */
  List<Message> parts(Message message);

  /** What a part says. */
  Said said(Message part);

  /** The words of the last message of a connection that ends so, and nothing else said; or null. */
  @Nullable String lastWords(CloseCode code);

  /** What a part of a message says. */
  sealed interface Said {
    /** It is the beginning of everything. */
    record Greeting() implements Said {}

    /** The credential was taken. */
    record Hello() implements Said {}

    /** The room is joined. */
    record Joined() implements Said {}

    /** A word is in the log. */
    record Published() implements Said {}

    /** A word was published. */
    record Heard(String word) implements Said {}

    /** Bytes were published. */
    record HeardBytes(List<Byte> bytes) implements Said {}

    /** The members, one user for each connection, in order. */
    record Here(List<String> users) implements Said {}

    /** What changed among them: each user with {@code -}, {@code +} or {@code ~} before. */
    record Changed(List<String> users) implements Said {}

    /** It was refused. */
    record Refused(String code) implements Said {}

    /** Are you there? */
    record Ping() implements Said {}

    /** Farewell. */
    record Bye() implements Said {}
  }
}
