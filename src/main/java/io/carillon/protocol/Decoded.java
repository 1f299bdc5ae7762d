package io.carillon.protocol;

import io.carillon.core.CloseCode;
import io.carillon.core.Command;
import io.carillon.core.Identity;
import io.carillon.core.Reply;
import io.carillon.core.connection.Frame;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One part of what a peer's message means. Parts are acted upon one after another. */
public sealed interface Decoded {
  /** A command for the core; its answer comes back to the codec together with it. */
  record Asked(Command command) implements Decoded {}

  /** Something that is no command, and the refusal of it. */
  record Invalid(Reply.Refused reply) implements Decoded {}

  /** What the codec answers by itself. */
  record Said(Frame frame) implements Decoded {}

  /**
   * A credential of the protocol's own that was found good. Who was nobody before is now this one;
   * who was somebody keeps the name, or becomes one user of it ({@code app} may become {@code
   * app:alice}), and has these rights from now on.
   */
  record Identified(Identity identity) implements Decoded {}

  /**
   * Work that may wait, for a store for instance; what it gives is acted upon in its place.
   *
   * @param parts called once, on the thread that works on the connection's commands, when all
   *     before it is done; what it throws closes the connection
   */
  record Later(Supplier<List<Decoded>> parts) implements Decoded {}

  /**
   * Work that goes on elsewhere, while the parts behind it are acted upon. Until it says that it is
   * done the message counts as waiting, so that a peer who sends too much is held up.
   *
   * @param begun called once, in order; returns at once and gets what is to be run when it is done
   */
  record Elsewhere(Consumer<Runnable> begun) implements Decoded {}

  /** The peer cannot be understood or served any more; its connection is closed. */
  record Disconnect(CloseCode code, String reason) implements Decoded {}
}
