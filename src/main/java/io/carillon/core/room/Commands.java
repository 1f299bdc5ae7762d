package io.carillon.core.room;

import io.carillon.core.Command;
import io.carillon.core.ErrorCode;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.Rejection;
import io.carillon.core.Reply;
import io.carillon.core.connection.Connection;
import io.carillon.core.spi.AppendResult;
import io.carillon.core.spi.Credentials;
import io.carillon.core.spi.LogUnavailableException;

/**
 * Executor of the commands of two-way connections; each command gets exactly one answer. Blocks: to
 * be called for one command of a connection at a time, on a virtual thread. A publish is appended
 * in the order of the calls and answered after its commit.
 */
public final class Commands {
  /** Approximate size of a page of history on a socket, in bytes; the rest is on the next page. */
  private static final int HISTORY_BYTES = 128 * 1024;

  private final Rooms rooms;
  private final Credentials credentials;

  /** Creates the executor. */
  public Commands(Rooms rooms, Credentials credentials) {
    this.rooms = rooms;
    this.credentials = credentials;
  }

  /**
   * Executes one command; an error becomes its answer. First waits while the peer leaves earlier
   * answers unread; does nothing if the connection ends.
   */
  public void execute(Connection connection, Command command) {
    connection.awaitRoom();
    if (command instanceof Command.Publish publish) {
      connection.beginPublish(size(publish));
    }
    carryOut(connection, command);
  }

  /**
   * Executes a command as {@link #execute} does, if that cannot block; on any thread. Only the
   * frequent commands are tried.
   *
   * @return false: it may have to block, and nothing was done
   */
  public boolean tryExecute(Connection connection, Command command) {
    boolean now =
        switch (command) {
          case Command.Pong pong -> true;
          case Command.Publish publish ->
              !rooms.mayWait() && connection.tryBeginPublish(size(publish));
          default -> false;
        };
    if (now) {
      carryOut(connection, command);
    }
    return now;
  }

  private void carryOut(Connection connection, Command command) {
    if (connection.closing()) {
      if (command instanceof Command.Publish publish) {
        connection.endPublish(size(publish));
      }
      return;
    }
    try {
      perform(connection, command);
    } catch (RefusedException e) {
      connection.reply(new Reply.Refused(command.ref(), e.rejection()));
    } catch (LogUnavailableException e) {
      connection.reply(new Reply.Refused(command.ref(), Rejection.of(ErrorCode.STORAGE)));
    }
  }

  private void perform(Connection c, Command command) {
    switch (command) {
      case Command.Join join ->
          rooms.join(c, join, j -> c.reply(new Reply.JoinedRoom(join.ref(), j)));
      case Command.Leave leave -> {
        rooms.leave(c, leave.room());
        done(c, leave);
      }
      case Command.Publish publish -> publish(c, publish);
      case Command.SendSignal s -> {
        rooms.signal(c.identity(), s.room(), s.name(), s.content(), c.id(), s.to());
        if (s.ref() != null) {
          done(c, s);
        }
      }
      case Command.Track track -> {
        rooms.track(c, track.room(), track.state());
        done(c, track);
      }
      case Command.Untrack untrack -> {
        rooms.untrack(c, untrack.room());
        done(c, untrack);
      }
      case Command.Members m ->
          c.reply(
              new Reply.MemberList(
                  m.ref(), rooms.membership().list(c.identity(), m.room(), m.limit(), m.page())));
      case Command.History h ->
          c.reply(
              new Reply.HistoryList(
                  h.ref(), rooms.history(c.identity(), h.query(), HISTORY_BYTES)));
      case Command.Auth auth -> renew(c, auth);
      case Command.Ping ping -> c.reply(new Reply.Pong(ping.ref()));
      case Command.Pong pong -> {}
    }
  }

  private static void done(Connection connection, Command command) {
    connection.reply(new Reply.Done(command.ref()));
  }

  private void publish(Connection c, Command.Publish p) {
    int size = size(p);
    boolean waiting = false;
    try {
      var unused =
          rooms
              .publish(c.identity(), p.room(), p.name(), p.content(), p.key(), p.meta(), c.id())
              .thenAccept(result -> answer(c, p, result, size));
      waiting = true;
    } finally {
      if (!waiting) {
        c.endPublish(size);
      }
    }
  }

  private static int size(Command.Publish p) {
    return 256 + p.content().weight() + (p.meta() == null ? 0 : p.meta().length());
  }

  private static void answer(Connection c, Command.Publish p, AppendResult result, int size) {
    c.reply(
        switch (result) {
          case AppendResult.Appended a ->
              new Reply.Published(p.ref(), a.epoch(), a.seq(), a.id(), a.duplicate());
          case AppendResult.NotAppended n -> new Reply.Refused(p.ref(), n.rejection());
        });
    c.endPublish(size);
  }

  private void renew(Connection c, Command.Auth auth) {
    Identity fresh = credentials.verify(auth.token());
    if (!fresh.user().equals(c.identity().user())) {
      throw new RefusedException(ErrorCode.FORBIDDEN);
    }
    c.renew(fresh);
    c.reply(new Reply.Authenticated(auth.ref(), fresh.expiresAt()));
    // Subscriptions that the new token no longer grants end now, not with the next periodic review.
    rooms.maintenance().review(c);
  }
}
