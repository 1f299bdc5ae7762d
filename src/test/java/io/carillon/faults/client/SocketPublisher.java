package io.carillon.faults.client;

import jakarta.json.JsonObject;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/** Publishes over a WebSocket that it opens anew when it has broken. */
public final class SocketPublisher extends Publisher {
  private static final long PATIENCE = 15_000;

  private Socket open;
  private int refs;

  /** See {@link Publisher}. */
  public SocketPublisher(
      RunContext context,
      String name,
      List<String> rooms,
      AtomicInteger ops,
      int interval,
      RandomGenerator random) {
    super(context, name, "ws", rooms, ops, interval, random);
  }

  @Override
  List<Outcome> attempt(List<Item> items) throws InterruptedException {
    Item item = items.getFirst();
    try {
      if (open == null) {
        open = new Socket(ground(), anyInstance(), name());
      }
    } catch (Reader.Broken e) {
      return List.of(new Outcome.Later(e.getMessage()));
    }
    try {
      int ref = ++refs;
      open.send(
          "{\"type\":\"publish\",\"ref\":%d,\"room\":\"%s\",\"name\":\"fault\",\"key\":\"%s\",\"data\":%s}"
              .formatted(ref, item.room(), item.key(), item.data()));
      while (true) {
        JsonObject frame = open.next(PATIENCE);
        String type = frame.getString("type");
        if (type.equals("ok") && frame.getInt("ref") == ref) {
          return List.of(RestPublisher.outcome(200, frame));
        }
        if (type.equals("error") && frame.getInt("ref", ref) == ref) {
          return List.of(RestPublisher.outcome(frame.getBoolean("retryable") ? 503 : 400, frame));
        }
      }
    } catch (Reader.Broken e) {
      end();
      return List.of(new Outcome.Unknown(e.getMessage()));
    }
  }

  @Override
  void end() {
    if (open != null) {
      open.close();
      open = null;
    }
  }
}
