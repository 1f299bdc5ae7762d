package io.carillon.kit;

import io.carillon.core.Command;
import io.carillon.core.Reply;
import io.carillon.core.connection.CommandSource;
import io.carillon.core.connection.Connection;
import io.carillon.core.connection.PublishBudget;
import io.carillon.core.room.Commands;
import java.util.concurrent.ConcurrentHashMap;

/** Commands of connections whose answers are {@link PlainFrames}, without a link. Thread-safe. */
public final class PlainCommands {
  private final Commands commands;
  private final ConcurrentHashMap<Connection, CommandSource> sources = new ConcurrentHashMap<>();

  private record PlainSource(Connection connection, PublishBudget publishes)
      implements CommandSource {
    @Override
    public void reply(Command command, Reply reply) {
      connection.answer(PlainFrames.of(reply));
    }
  }

  /** Carries them out with these. */
  public PlainCommands(Commands commands) {
    this.commands = commands;
  }

  /** As {@link Commands#execute}. */
  public void execute(Connection connection, Command command) {
    commands.execute(source(connection), command);
  }

  /** As {@link Commands#tryExecute}. */
  public boolean tryExecute(Connection connection, Command command) {
    return commands.tryExecute(source(connection), command);
  }

  /** The budget of a connection's publishes. */
  public PublishBudget publishes(Connection connection) {
    return source(connection).publishes();
  }

  private CommandSource source(Connection connection) {
    return sources.computeIfAbsent(connection, c -> new PlainSource(c, new PublishBudget()));
  }
}
