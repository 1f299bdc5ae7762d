package io.carillon.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.carillon.core.CloseCode;
import io.carillon.core.Content;
import io.carillon.core.EventName;
import io.carillon.core.Grants;
import io.carillon.core.Identity;
import io.carillon.core.RoomName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A recorded conversation, played again. A line is one of
 *
 * <ul>
 *   <li>{@code ! open NAME TOKEN}, {@code ! pass SECONDS}, {@code ! fill ROOM COUNT} and other acts
 *       of the world, see {@link #act};
 *   <li>{@code NAME > TEXT} what a client sends, {@code NAME >> HEX} the same in bytes; {@code
 *       ${C*N}} stands for so many characters;
 *   <li>{@code NAME < FRAME} what it gets, {@code NAME x CODE REASON} how it is closed.
 * </ul>
 *
 * With the environment variable {@code CARILLON_RECORD} what clients get is written into the file
 * instead of being compared with it.
 */
public final class Conversation {
  private static final Pattern REPEATED = Pattern.compile("\\$\\{(.)\\*(\\d+)}");
  private static final Path FOLDER = Path.of("src/test/resources/conversations");

  private final MemoryInstance instance;
  private final Opener opener;
  private final Map<String, Party> parties = new TreeMap<>();

  /** Opens a link to the instance. */
  @FunctionalInterface
  public interface Opener {
    /** Opens it for this identity; what goes out of it is told to the party. */
    Link open(Identity who, Party party);
  }

  /** What comes in on a link. */
  public interface Link {
    /** A text message. */
    void text(String message);

    /** A message of bytes. */
    void bytes(byte[] message);
  }

  /** What one client got so far. Thread-safe. */
  public static final class Party {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<String> got = new ArrayList<>();
    private int read;
    private @Nullable Link link;

    /** It got a message. */
    public void got(String message) {
      add("< " + message);
    }

    /** It was closed. */
    public void closed(int code, String reason) {
      add("x " + code + ' ' + reason);
    }

    private void add(String line) {
      lock.lock();
      try {
        got.add(line);
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    /** The next line; null: nothing came for so long. */
    private @Nullable String next(Duration patience) {
      lock.lock();
      try {
        long left = patience.toNanos();
        while (got.size() == read) {
          if (left <= 0) {
            return null;
          }
          left = changed.awaitNanos(left);
        }
        return got.get(read++);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return null;
      } finally {
        lock.unlock();
      }
    }
  }

  private Conversation(MemoryInstance instance, Opener opener) {
    this.instance = instance;
    this.opener = opener;
  }

  /** The files of all conversations, in order. */
  public static List<Path> all() {
    try (var files = Files.list(FOLDER)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Plays a conversation and compares it, or records it. */
  public static void play(Path file, MemoryInstance instance, Opener opener) {
    try {
      List<String> lines = Files.readAllLines(file);
      Conversation conversation = new Conversation(instance, opener);
      if (System.getenv("CARILLON_RECORD") == null) {
        conversation.compare(lines);
      } else {
        Files.write(file, conversation.record(lines));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void compare(List<String> lines) {
    Map<String, List<String>> expected = new TreeMap<>();
    for (int i = 0; i <= lines.size(); i++) {
      String line = i < lines.size() ? lines.get(i) : "";
      if (isHeard(line)) {
        String name = line.substring(0, line.indexOf(' '));
        expected
            .computeIfAbsent(name, n -> new ArrayList<>())
            .add(line.substring(name.length() + 1));
        continue;
      }
      String before = before(lines, i);
      expected.forEach((name, heard) -> compare(name, heard, before));
      expected.clear();
      act(line);
    }
    parties.forEach(
        (name, party) -> assertEquals(null, party.next(Duration.ZERO), "at the end, for " + name));
  }

  /** What changes among members is told in a time of its own, all else in order. */
  private void compare(String name, List<String> expected, String before) {
    List<String> got = new ArrayList<>();
    for (String next = ""; got.size() < expected.size() && next != null; ) {
      next = party(name).next(Duration.ofSeconds(20));
      if (next != null) {
        got.add(next);
      }
    }
    assertEquals(
        String.join("\n", presenceLast(expected)),
        String.join("\n", presenceLast(got)),
        name + " after " + before);
  }

  private static List<String> presenceLast(List<String> lines) {
    return lines.stream()
        .sorted(Comparator.comparing(line -> line.startsWith("< {\"type\":\"presence\"")))
        .toList();
  }

  private static String before(List<String> lines, int number) {
    return lines.subList(0, number).reversed().stream()
        .filter(line -> !isHeard(line))
        .findFirst()
        .orElse("");
  }

  private List<String> record(List<String> lines) {
    List<String> written = new ArrayList<>();
    for (String line : lines) {
      if (isHeard(line)) {
        continue;
      }
      written.add(line);
      act(line);
      parties.forEach(
          (name, party) -> {
            for (String got = party.next(Duration.ofMillis(150));
                got != null;
                got = party.next(Duration.ofMillis(50))) {
              written.add(name + ' ' + got);
            }
          });
    }
    return written;
  }

  private static boolean isHeard(String line) {
    return line.matches("\\w+ [<x] .*");
  }

  private Party party(String name) {
    return parties.computeIfAbsent(name, n -> new Party());
  }

  private void act(String line) {
    if (line.isBlank() || line.startsWith("#")) {
      return;
    }
    String[] words = line.split(" ", 3);
    if (words[0].equals("!")) {
      act(words[1], words.length < 3 ? new String[0] : words[2].split(" "));
      return;
    }
    Link link = party(words[0]).link;
    if (link == null) {
      throw new AssertionError("not open: " + line);
    }
    if (words[1].equals(">>")) {
      link.bytes(HexFormat.of().parseHex(words[2]));
    } else {
      link.text(
          REPEATED
              .matcher(words[2])
              .replaceAll(m -> m.group(1).repeat(Integer.parseInt(m.group(2)))));
    }
  }

  private void act(String what, String[] words) {
    switch (what) {
      case "open" -> {
        Party party = party(words[0]);
        party.link = opener.open(instance.identity(words[1]), party);
      }
      case "pass" -> instance.pass(Integer.parseInt(words[0]));
      case "fill" -> fill(new RoomName(words[0]), Integer.parseInt(words[1]));
      case "rewind" -> instance.log.rewind(new RoomName(words[0]), Long.parseLong(words[1]));
      case "floor" -> instance.log.raiseFloor(new RoomName(words[0]), Long.parseLong(words[1]));
      case "store" -> instance.log.unavailable(words[0].equals("off"));
      case "kick" -> {
        var unused = instance.connections.close(words[0], CloseCode.KICKED, "kicked");
      }
      case "drain" -> instance.connections.drain(Duration.ofSeconds(10), Duration.ofSeconds(5));
      default -> throw new AssertionError("no such act: " + what);
    }
  }

  private void fill(RoomName room, int count) {
    Identity bob = new Identity("bob", Grants.everything(false), null, null);
    for (int i = 1; i <= count; i++) {
      instance
          .rooms
          .publish(
              bob, room, new EventName("said"), Content.json("{\"n\":" + i + '}'), null, null, null)
          .orTimeout(20, TimeUnit.SECONDS)
          .join();
    }
  }
}
