package io.carillon.protocol.socketio;

import io.carillon.core.Content;
import io.carillon.core.json.JsonFields;
import io.carillon.socketio.Arguments;
import io.carillon.socketio.MissingAckException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Acknowledgements of many sockets on all instances of one emit: complete when every instance has
 * said how many of its sockets were asked, and all of them have answered. Thread-safe.
 */
final class AckCollection extends ClusterAnswers<List<Arguments>> {
  private final JsonMapping mapping;
  private final List<Arguments> answers = new ArrayList<>();
  private final Set<String> answered = new HashSet<>();

  /**
   * Begins without an answer.
   *
   * @param over run once, when no answer counts any more
   */
  AckCollection(SocketHub hub, Runnable over) {
    super(hub, over);
    this.mapping = hub.mapping();
  }

  /** Asks the sockets of this instance. */
  void ask(List<HandledSocket> here, Emission emission, Duration timeout) {
    update(() -> count("", here.size()));
    for (HandledSocket socket : here) {
      var unused =
          socket.ask(timeout, emission).thenAccept(args -> update(() -> add(socket.id(), args)));
    }
  }

  /** Takes the number of sockets that another instance has asked, or what one of them said. */
  @Override
  void answered(JsonFields answer) {
    String socket = answer.string("socket");
    String ack = answer.raw("ack");
    if (socket == null || ack == null) {
      String from = answer.requiredString("from");
      long sockets = answer.integer("count", 0);
      update(() -> count(from, sockets));
      return;
    }
    Emission said = Emission.of("ack", Content.json(ack));
    update(() -> add(socket, new JsonArguments(mapping, said.args(), said.attachments())));
  }

  private void add(String socket, Arguments args) {
    if (answered.add(socket)) {
      answers.add(args);
    }
  }

  @Override
  boolean whole(Map<String, Long> sockets) {
    return answered.size() >= sockets.values().stream().mapToLong(Long::longValue).sum();
  }

  @Override
  List<Arguments> soFar() {
    return List.copyOf(answers);
  }

  @Override
  Exception late(List<Arguments> soFar) {
    return new MissingAckException("only " + soFar.size() + " answers came in time", soFar);
  }

  /** An answer in the form that another instance is told. */
  static String written(SocketHub hub, Arguments args) {
    return hub.emissions().of("ack", args.toArray()).content().text();
  }
}
