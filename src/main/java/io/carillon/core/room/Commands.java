package io.carillon.core.room;

import io.carillon.core.CloseCode;
import io.carillon.core.Command;
import io.carillon.core.ErrorCode;
import io.carillon.core.HistoryPage;
import io.carillon.core.Identity;
import io.carillon.core.MembersPage;
import io.carillon.core.RefusedException;
import io.carillon.core.Rejection;
import io.carillon.core.Reply;
import io.carillon.core.connection.CommandSource;
import io.carillon.core.connection.Connection;
import io.carillon.core.limit.Limit;
import io.carillon.core.limit.Limits;
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
  private final Limits limits;

  /** Creates the executor without limits. */
  public Commands(Rooms rooms, Credentials credentials) {
    this(rooms, credentials, Limits.NONE);
  }

  /** Creates the executor; a command beyond the limits is answered with {@code rate}. */
  public Commands(Rooms rooms, Credentials credentials, Limits limits) {
    this.rooms = rooms;
    this.credentials = credentials;
    this.limits = limits;
  }

  /**
   * Executes one command; an error becomes its answer. First waits while the peer leaves earlier
   * answers unread; does nothing if the connection ends.
   */
  public void execute(CommandSource source, Command command) {
    source.connection().awaitSpace();
    if (command instanceof Command.Publish publish) {
      source.publishes().begin(size(publish));
    }
    carryOut(source, command);
  }

  /**
   * Executes a command as {@link #execute} does, if that cannot block; on any thread. Only the
   * frequent commands are tried.
   *
   * @return false: it may have to block, and nothing was done
   */
  public boolean tryExecute(CommandSource source, Command command) {
    boolean now =
        switch (command) {
          case Command.Pong pong -> true;
          case Command.Publish publish ->
              !rooms.mayWait()
                  && source.connection().roomy()
                  && source.publishes().tryBegin(size(publish));
          default -> false;
        };
    if (now) {
      carryOut(source, command);
    }
    return now;
  }

  /**
   * Identifies a connection by a credential that its protocol has verified. An application may
   * become one of its users: the name then begins with that of the application and a colon. Closes
   * the connection if it is another user's, or if that user has too many. Blocks as {@link
   * #execute} does.
   */
  public void identify(Connection connection, Identity fresh) {
    Identity known = connection.identity();
    try {
      if (!fresh.user().startsWith(known.user() + ':')) {
        take(connection, fresh);
      }
      connection.renew(fresh);
    } catch (RefusedException no) {
      ErrorCode code = no.rejection().code();
      boolean another = code == ErrorCode.FORBIDDEN;
      connection.close(
          another ? CloseCode.FORBIDDEN : CloseCode.OVERLOAD,
          another ? "another user" : code.code());
      return;
    }
    rooms.maintenance().review(connection);
  }

  /** Sets the identity: an unknown connection takes any user, once; a known user never changes. */
  private static void take(Connection connection, Identity fresh) {
    Identity known = connection.identity();
    if (!known.isUnknown() && !fresh.user().equals(known.user())) {
      throw new RefusedException(ErrorCode.FORBIDDEN);
    }
    connection.renew(fresh);
  }

  /** Notes a ping of the carrier itself; a peer that pings too often is sent away. */
  public void pinged(Connection connection) {
    within(Limit.PINGS_CONNECTION, connection, () -> {});
  }

  /** Begins work for a message elsewhere; a peer that sends too many of them is sent away. */
  public void handOver(Connection connection, Runnable work) {
    within(Limit.HANDLED_USER, connection, work);
  }

  private void within(Limit limit, Connection connection, Runnable work) {
    try {
      limit(limit, connection, 1);
    } catch (RefusedException rate) {
      connection.close(CloseCode.OVERLOAD, "rate");
      return;
    }
    work.run();
  }

  private void carryOut(CommandSource source, Command command) {
    if (source.connection().closing()) {
      if (command instanceof Command.Publish publish) {
        source.publishes().end(size(publish));
      }
      return;
    }
    try {
      perform(source, source.connection(), command);
    } catch (RefusedException e) {
      source.reply(command, new Reply.Refused(command.ref(), e.rejection()));
      boolean rate = e.rejection().code() == ErrorCode.RATE;
      if (rate && !limits.bears(source.connection().id())) {
        source.connection().close(CloseCode.OVERLOAD, "rate");
      }
    } catch (LogUnavailableException e) {
      Rejection storage = Rejection.of(ErrorCode.STORAGE);
      source.reply(command, new Reply.Refused(command.ref(), storage));
    }
  }

  private void perform(CommandSource source, Connection c, Command command) {
    switch (command) {
      case Command.Publish publish -> publish(source, publish);
      case Command.Auth auth -> renew(source, auth);
      case Command.Ping ping -> {
        limit(Limit.PINGS_CONNECTION, c, 1);
        source.reply(ping, new Reply.PingAnswered(ping.ref()));
      }
      case Command.Pong pong -> {}
      case Command.Join join -> {
        if (!join.vouched()) {
          limit(Limit.JOINS_USER, c, 1);
          known(c);
        }
        rooms.join(c, join, j -> source.reply(join, new Reply.JoinedRoom(join.ref(), j)));
      }
      case Command.Leave leave -> {
        rooms.leave(c, leave.room());
        done(source, leave);
      }
      case Command.SendSignal s -> {
        limit(Limit.SIGNALS_USER, c);
        Identity who = known(c);
        rooms.signal(who, s.as(), s.room(), s.name(), s.content(), c.id(), s.to());
        if (s.ref() != null) {
          done(source, s);
        }
      }
      case Command.Track track -> {
        rooms.track(c, track.room(), track.state());
        done(source, track);
      }
      case Command.Untrack untrack -> {
        rooms.untrack(c, untrack.room());
        done(source, untrack);
      }
      case Command.Members m -> {
        limit(Limit.MEMBERS_USER, c);
        MembersPage page = rooms.membership().list(known(c), m.room(), m.limit(), m.page());
        source.reply(m, new Reply.MemberList(m.ref(), page));
      }
      case Command.History h -> {
        limit(Limit.HISTORY_USER, c);
        HistoryPage page = rooms.history(known(c), h.query(), HISTORY_BYTES);
        source.reply(h, new Reply.HistoryList(h.ref(), page));
      }
    }
  }

  /** Takes one from a limit, and from that of the address, which holds for all but joins. */
  private void limit(Limit limit, Connection connection) {
    limit(limit, connection, 1);
    limit(Limit.REQUESTS_ADDRESS, connection, 1);
  }

  private void limit(Limit limit, Connection connection, int cost) {
    if (limits.any()) {
      limits.take(limit, connection.visitor(), cost);
    }
  }

  /**
   * The identity of a connection; one without a credential is refused before any rights are
   * checked.
   */
  private static Identity known(Connection connection) {
    Identity who = connection.identity();
    if (who.isUnknown()) {
      throw new RefusedException(ErrorCode.UNAUTHENTICATED);
    }
    return who;
  }

  private static void done(CommandSource source, Command command) {
    source.reply(command, new Reply.Done(command.ref()));
  }

  private void publish(CommandSource source, Command.Publish p) {
    int size = size(p);
    boolean waiting = false;
    try {
      Connection c = source.connection();
      limit(Limit.PUBLISHES_USER, c);
      limit(Limit.BYTES_USER, c, size);
      var unused =
          rooms
              .publish(known(c), p.room(), p.name(), p.content(), p.key(), p.meta(), c.id())
              .thenAccept(result -> answer(source, p, result, size));
      waiting = true;
    } finally {
      if (!waiting) {
        source.publishes().end(size);
      }
    }
  }

  private static int size(Command.Publish p) {
    return 256 + p.content().weight() + (p.meta() == null ? 0 : p.meta().length());
  }

  private static void answer(
      CommandSource source, Command.Publish p, AppendResult result, int size) {
    source.reply(
        p,
        switch (result) {
          case AppendResult.Appended a ->
              new Reply.Published(p.ref(), a.epoch(), a.seq(), a.id(), a.duplicate());
          case AppendResult.NotAppended n -> new Reply.Refused(p.ref(), n.rejection());
        });
    source.publishes().end(size);
  }

  private void renew(CommandSource source, Command.Auth auth) {
    Identity fresh = credentials.verify(auth.token());
    take(source.connection(), fresh);
    source.reply(auth, new Reply.Authenticated(auth.ref(), fresh.expiresAt()));
    // Subscriptions that the new token no longer grants end now, not with the next periodic review.
    rooms.maintenance().review(source.connection());
  }
}
