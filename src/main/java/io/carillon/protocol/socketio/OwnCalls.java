package io.carillon.protocol.socketio;

import io.carillon.core.Command;
import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.Rejection;
import io.carillon.core.Reply;
import io.carillon.protocol.Decoded;
import io.carillon.protocol.LinkControl;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Commands that a handler gives on a connection, in one order with the commands of the peer, and
 * their replies. The caller blocks until the reply. Thread-safe.
 */
final class OwnCalls {
  /** Marks of these commands are strings; those of a peer are numbers. */
  private static final String MARK = "\"s";

  private static final long PATIENCE_SECONDS = 30;

  private final AtomicLong last = new AtomicLong();
  private final Map<String, AwaitedReply> pending = new ConcurrentHashMap<>();
  private volatile boolean ended;

  private record AwaitedReply(Consumer<Reply> first, CompletableFuture<Reply> answer) {}

  /** Whether a reference is that of such a command. */
  static boolean isOwn(@Nullable String ref) {
    return ref != null && ref.startsWith(MARK);
  }

  /**
   * Gives a command and waits for its reply.
   *
   * @param command makes the command with its reference
   * @param first gets the reply before anything is delivered because of the command
   * @throws RefusedException if it is refused, or if the link is over
   */
  void call(LinkControl link, Function<String, Command> command, Consumer<Reply> first) {
    String ref = MARK + last.incrementAndGet() + '"';
    CompletableFuture<Reply> answer = new CompletableFuture<>();
    pending.put(ref, new AwaitedReply(first, answer));
    try {
      if (!link.act(List.of(new Decoded.Asked(command.apply(ref)))) || ended) {
        throw new RefusedException(ErrorCode.NOT_JOINED);
      }
      if (answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS) instanceof Reply.Refused refused) {
        throw new RefusedException(refused.rejection());
      }
    } catch (TimeoutException | ExecutionException slow) {
      throw new RefusedException(Rejection.of(ErrorCode.OVERLOADED));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RefusedException(Rejection.of(ErrorCode.OVERLOADED));
    } finally {
      pending.remove(ref);
    }
  }

  /** Gives a command without waiting for its reply. Returns at once. */
  void send(LinkControl link, Function<String, Command> command) {
    String ref = MARK + last.incrementAndGet() + '"';
    link.act(List.of(new Decoded.Asked(command.apply(ref))));
  }

  /** Takes the reply to such a command. */
  void answered(Reply reply) {
    AwaitedReply call = reply.ref() == null ? null : pending.get(reply.ref());
    if (call != null) {
      call.first.accept(reply);
      call.answer.complete(reply);
    }
  }

  /** Ends all waits: the link is over, so no reply comes. */
  void end() {
    ended = true;
    for (Map.Entry<String, AwaitedReply> call : pending.entrySet()) {
      call.getValue()
          .answer
          .complete(new Reply.Refused(call.getKey(), Rejection.of(ErrorCode.NOT_JOINED)));
    }
  }
}
