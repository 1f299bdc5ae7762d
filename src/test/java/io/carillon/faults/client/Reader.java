package io.carillon.faults.client;

import io.carillon.faults.history.Entry;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A reader of some rooms that comes back by itself, to any instance, and goes on after what it got.
 * It runs in a thread of its own; {@link #position} may be asked by others.
 */
public abstract class Reader implements Runnable, AutoCloseable {
  private final RunContext context;
  private final String name;
  private final String via;
  private final RandomGenerator random;
  private final Map<String, String> positions = new LinkedHashMap<>();
  private volatile boolean stopped;

  Reader(RunContext context, String name, String via, List<String> rooms, RandomGenerator random) {
    this.context = context;
    this.name = name;
    this.via = via;
    this.random = random;
    rooms.forEach(room -> positions.put(room, "0.0"));
  }

  /** What it is called in the history; the user is the same. */
  public final String name() {
    return name;
  }

  /** The rooms that it reads. */
  public final List<String> rooms() {
    return List.copyOf(positions.keySet());
  }

  /** The cursor after what it got last of a room. */
  public final String position(String room) {
    synchronized (positions) {
      return positions.getOrDefault(room, "");
    }
  }

  /** Cuts the connection that is open, if one is; the reader comes back by itself. */
  public abstract void cut();

  @Override
  public final void run() {
    Backoff backoff = new Backoff(random);
    try {
      while (!stopped) {
        int instance = random.nextInt(context.addresses().size());
        log(new Entry.Connect(now(), name, via, instance));
        String why;
        try {
          why = session(context.addresses().get(instance), backoff);
        } catch (Broken e) {
          why = e.getMessage();
        }
        log(new Entry.Disconnect(now(), name, why));
        if (!stopped) {
          backoff.pause();
        }
      }
    } catch (InterruptedException e) {
      log(new Entry.Disconnect(now(), name, "stopped"));
      Thread.currentThread().interrupt();
    }
  }

  /** Connects, joins all rooms and reads until the connection ends; gives the cause. */
  abstract String session(URI server, Backoff backoff) throws InterruptedException;

  /** Stops for good. */
  @Override
  public final void close() {
    stopped = true;
    cut();
  }

  final boolean stopped() {
    return stopped;
  }

  final RunContext ground() {
    return context;
  }

  final RandomGenerator random() {
    return random;
  }

  final String token() {
    return context.token(name);
  }

  final long now() {
    return context.history().now();
  }

  final void log(Entry entry) {
    context.history().add(entry);
  }

  /** Notes that a room was joined after a cursor. */
  final void joined(String room, String after, String cursor, String head, boolean recovered) {
    log(new Entry.Joined(now(), name, room, after, cursor, head, recovered));
    move(room, cursor);
  }

  /** Notes an event, as it came. */
  final void delivered(JsonObject event) {
    String room = event.getString("room");
    String epoch = event.getString("epoch");
    long seq = event.getJsonNumber("seq").longValueExact();
    log(
        new Entry.Delivered(
            now(), name, room, epoch, seq, event.getString("id"), event.get("data").toString()));
    move(room, epoch + "." + seq);
  }

  /** Notes that a room goes on from its head. */
  final void resync(JsonObject frame) {
    String room = frame.getString("room");
    String head = frame.getString("head");
    log(
        new Entry.Resync(
            now(),
            name,
            room,
            frame.getString("reason"),
            head,
            frame.get("floor") instanceof JsonString floor ? floor.getString() : ""));
    move(room, head);
  }

  private void move(String room, String cursor) {
    synchronized (positions) {
      positions.put(room, cursor);
    }
  }

  /** The connection could not be made or has broken. */
  static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Broken(String why) {
      super(why);
    }
  }
}
