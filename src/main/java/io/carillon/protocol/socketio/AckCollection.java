package io.carillon.protocol.socketio;

import io.carillon.core.Content;
import io.carillon.core.json.JsonFields;
import io.carillon.socketio.Arguments;
import io.carillon.socketio.MissingAckException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Answers of many sockets on all instances to one emit: complete when every instance has said how
 * many of its sockets were asked, and all of them have answered. Thread-safe: the lock guards all
 * that changes.
 */
final class AckCollection {
  private final ReentrantLock lock = new ReentrantLock();
  private final CompletableFuture<List<Arguments>> done = new CompletableFuture<>();
  private final SocketHub hub;
  private final Runnable over;

  private final List<Arguments> answers = new ArrayList<>();

  private final Set<String> answered = new HashSet<>();

  /** How many sockets were asked, by instance. */
  private final Map<String, Long> counts = new HashMap<>();

  /** How many instances there are; negative: not known yet. */
  private int instances = -1;

  private boolean ended;

  /**
   * Begins without an answer.
   *
   * @param over run once, when no answer counts any more
   */
  AckCollection(SocketHub hub, Runnable over) {
    this.hub = hub;
    this.over = over;
  }

  CompletableFuture<List<Arguments>> answers() {
    return done;
  }

  /** So many other instances are asked. */
  void expect(int others) {
    update(() -> instances = others + 1);
  }

  /** Asks the sockets here. */
  void ask(List<HandledSocket> here, Emission emission, Duration timeout) {
    update(() -> counts.put("", (long) here.size()));
    for (HandledSocket socket : here) {
      var unused =
          socket.ask(timeout, emission).thenAccept(args -> update(() -> add(socket.id(), args)));
    }
  }

  /** Another instance has answered: how many sockets it has asked, or what one of them said. */
  void answered(JsonFields answer) {
    String socket = answer.string("socket");
    String ack = answer.raw("ack");
    if (socket == null || ack == null) {
      String from = answer.requiredString("from");
      long count = answer.integer("count", 0);
      update(() -> counts.put(from, count));
      return;
    }
    Emission said = Emission.of("ack", Content.json(ack));
    update(() -> add(socket, new JsonArguments(hub.mapping(), said.args(), said.attachments())));
  }

  private void add(String socket, Arguments args) {
    if (answered.add(socket)) {
      answers.add(args);
    }
  }

  private void update(Runnable change) {
    boolean complete;
    List<Arguments> all;
    lock.lock();
    try {
      if (ended) {
        return;
      }
      change.run();
      long asked = counts.values().stream().mapToLong(Long::longValue).sum();
      complete = instances >= 0 && counts.size() >= instances && answered.size() >= asked;
      ended = complete;
      all = List.copyOf(answers);
    } finally {
      lock.unlock();
    }
    if (complete) {
      over.run();
      hub.callbacks().execute(() -> done.complete(all));
    }
  }

  /** The time is over. */
  void timeOut() {
    List<Arguments> all;
    lock.lock();
    try {
      if (ended) {
        return;
      }
      ended = true;
      all = List.copyOf(answers);
    } finally {
      lock.unlock();
    }
    over.run();
    hub.callbacks()
        .execute(
            () ->
                done.completeExceptionally(
                    new MissingAckException("only " + all.size() + " answers came in time", all)));
  }

  /** An answer as it is told to another instance. */
  static String written(SocketHub hub, Arguments args) {
    return hub.emissions().of("ack", args.toArray()).content().text();
  }
}
