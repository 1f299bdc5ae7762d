package io.carillon.core.room;

import io.carillon.core.Command;
import io.carillon.core.ErrorCode;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.Rejection;
import io.carillon.core.Reply;
import io.carillon.core.connection.Caller;
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
  public void execute(Caller caller, Command command) {
    caller.connection().awaitRoom();
    if (command instanceof Command.Publish publish) {
      caller.publishes().begin(size(publish));
    }
    carryOut(caller, command);
  }

  /**
   * Executes a command as {@link #execute} does, if that cannot block; on any thread. Only the
   * frequent commands are tried.
   *
   * @return false: it may have to block, and nothing was done
   */
  public boolean tryExecute(Caller caller, Command command) {
    boolean now =
        switch (command) {
          case Command.Pong pong -> true;
          case Command.Publish publish ->
              !rooms.mayWait()
                  && caller.connection().roomy()
                  && caller.publishes().tryBegin(size(publish));
          default -> false;
        };
    if (now) {
      carryOut(caller, command);
    }
    return now;
  }

  /**
   * Takes a credential that a protocol has found good by itself. Blocks as {@link #execute} does.
   *
   * @throws RefusedException with {@link ErrorCode#FORBIDDEN} if the connection is another user's
   */
  public void identify(Connection connection, Identity fresh) {
    take(connection, fresh);
    rooms.maintenance().review(connection);
  }

  /** Nobody becomes anybody, once; who is somebody stays that. */
  private static void take(Connection connection, Identity fresh) {
    Identity known = connection.identity();
    if (!known.isNobody() && !fresh.user().equals(known.user())) {
      throw new RefusedException(ErrorCode.FORBIDDEN);
    }
    connection.renew(fresh);
  }

  private void carryOut(Caller caller, Command command) {
    if (caller.connection().closing()) {
      if (command instanceof Command.Publish publish) {
        caller.publishes().end(size(publish));
      }
      return;
    }
    try {
      perform(caller, caller.connection(), command);
    } catch (RefusedException e) {
      caller.reply(command, new Reply.Refused(command.ref(), e.rejection()));
    } catch (LogUnavailableException e) {
      Rejection storage = Rejection.of(ErrorCode.STORAGE);
      caller.reply(command, new Reply.Refused(command.ref(), storage));
    }
  }

  private void perform(Caller caller, Connection c, Command command) {
    switch (command) {
      case Command.Publish publish -> publish(caller, publish);
      case Command.Auth auth -> renew(caller, auth);
      case Command.Ping ping -> caller.reply(ping, new Reply.Pong(ping.ref()));
      case Command.Pong pong -> {}
      case Command.Join join -> {
        known(c);
        rooms.join(c, join, j -> caller.reply(join, new Reply.JoinedRoom(join.ref(), j)));
      }
      case Command.Leave leave -> {
        rooms.leave(c, leave.room());
        done(caller, leave);
      }
      case Command.SendSignal s -> {
        Identity who = known(c);
        rooms.signal(who, s.room(), s.name(), s.content(), c.id(), s.to());
        if (s.ref() != null) {
          done(caller, s);
        }
      }
      case Command.Track track -> {
        rooms.track(c, track.room(), track.state());
        done(caller, track);
      }
      case Command.Untrack untrack -> {
        rooms.untrack(c, untrack.room());
        done(caller, untrack);
      }
      case Command.Members m ->
          caller.reply(
              m,
              new Reply.MemberList(
                  m.ref(), rooms.membership().list(known(c), m.room(), m.limit(), m.page())));
      case Command.History h ->
          caller.reply(
              h,
              new Reply.HistoryList(h.ref(), rooms.history(known(c), h.query(), HISTORY_BYTES)));
    }
  }

  /** Who asks; nobody is asked for rights who has shown no credential yet. */
  private static Identity known(Connection connection) {
    Identity who = connection.identity();
    if (who.isNobody()) {
      throw new RefusedException(ErrorCode.UNAUTHENTICATED);
    }
    return who;
  }

  private static void done(Caller caller, Command command) {
    caller.reply(command, new Reply.Done(command.ref()));
  }

  private void publish(Caller caller, Command.Publish p) {
    int size = size(p);
    boolean waiting = false;
    try {
      Connection c = caller.connection();
      var unused =
          rooms
              .publish(known(c), p.room(), p.name(), p.content(), p.key(), p.meta(), c.id())
              .thenAccept(result -> answer(caller, p, result, size));
      waiting = true;
    } finally {
      if (!waiting) {
        caller.publishes().end(size);
      }
    }
  }

  private static int size(Command.Publish p) {
    return 256 + p.content().weight() + (p.meta() == null ? 0 : p.meta().length());
  }

  private static void answer(Caller caller, Command.Publish p, AppendResult result, int size) {
    caller.reply(
        p,
        switch (result) {
          case AppendResult.Appended a ->
              new Reply.Published(p.ref(), a.epoch(), a.seq(), a.id(), a.duplicate());
          case AppendResult.NotAppended n -> new Reply.Refused(p.ref(), n.rejection());
        });
    caller.publishes().end(size);
  }

  private void renew(Caller caller, Command.Auth auth) {
    Identity fresh = credentials.verify(auth.token());
    take(caller.connection(), fresh);
    caller.reply(auth, new Reply.Authenticated(auth.ref(), fresh.expiresAt()));
    // Subscriptions that the new token no longer grants end now, not with the next periodic review.
    rooms.maintenance().review(caller.connection());
  }
}
