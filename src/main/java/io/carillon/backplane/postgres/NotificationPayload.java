package io.carillon.backplane.postgres;

import io.carillon.core.Cursor;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Text of one notification: {@code <version> <sender> <item> <item> …}, ASCII only, one blank
 * between. Levels are version 1; so are signals with the seal of the version before, whose
 * instances drop a text of version 2 whole. Items are {@code e/room/epoch/seq}, {@code
 * p/room/revision}, {@code s/sealed}, {@code l/id}, {@code t/nonce} and {@code *}; no part can
 * contain a blank or a slash. NOTIFY takes less than 8,000 bytes, so a text is cut at {@value
 * #MAX}.
 *
 * @param version how signals in it are sealed
 * @param sender the instance that sent it
 * @param items at least one
 */
record NotificationPayload(Version version, String sender, List<Item> items) {
  /** Greatest length of a text in bytes (all of them ASCII). */
  static final int MAX = 7_500;

  /** How signals are sealed. */
  enum Version {
    /** By {@link PreviousSignalCipher}. */
    ONE("1"),
    /** By {@link SignalCipher}. */
    TWO("2");

    private final String mark;

    Version(String mark) {
      this.mark = mark;
    }
  }

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,80}");
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9_-]{43,6000}");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,19}");

  NotificationPayload {
    items = List.copyOf(items);
  }

  /** Whether an instance may be named like this. */
  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** The items as few texts as possible, in their order. */
  static List<String> write(Version version, String sender, List<Item> items) {
    List<String> texts = new ArrayList<>();
    String head = version.mark + ' ' + sender;
    StringBuilder text = new StringBuilder(head);
    for (Item item : items) {
      String written = write(item);
      if (text.length() > head.length() && text.length() + 1 + written.length() > MAX) {
        texts.add(text.toString());
        text.setLength(head.length());
      }
      text.append(' ').append(written);
    }
    if (text.length() > head.length()) {
      texts.add(text.toString());
    }
    return texts;
  }

  private static String write(Item item) {
    return switch (item) {
      case Item.LogPosition(RoomName room, String epoch, long seq) ->
          "e/" + room + '/' + epoch + '/' + seq;
      case Item.PresenceRevision(RoomName room, long revision) -> "p/" + room + '/' + revision;
      case Item.InlineSignal(String sealed) -> "s/" + sealed;
      case Item.LargeSignal(String id) -> "l/" + id;
      case Item.Nonce(String value) -> "t/" + value;
      case Item.Everything() -> "*";
    };
  }

  /**
   * Reads a text, strictly: one wrong item and nothing of it counts.
   *
   * @throws IllegalArgumentException if it is not one of ours
   */
  static NotificationPayload read(String text) {
    String[] parts = text.split(" ", -1);
    if (text.length() > 8_000 || parts.length < 3) {
      throw new IllegalArgumentException("not a payload");
    }
    List<Item> items = new ArrayList<>(parts.length - 2);
    for (int i = 2; i < parts.length; i++) {
      items.add(readItem(parts[i].split("/", -1)));
    }
    return new NotificationPayload(version(parts[0]), name(parts[1]), items);
  }

  private static Version version(String mark) {
    return switch (mark) {
      case "1" -> Version.ONE;
      case "2" -> Version.TWO;
      default -> throw new IllegalArgumentException("of another version");
    };
  }

  private static Item readItem(String[] parts) {
    return switch (parts[0] + parts.length) {
      case "e4" -> {
        try {
          Cursor position = new Cursor(parts[2], number(parts[3]));
          yield new Item.LogPosition(room(parts[1]), position.epoch(), position.seq());
        } catch (RefusedException notAnEpoch) {
          throw new IllegalArgumentException("not a position", notAnEpoch);
        }
      }
      case "p3" -> new Item.PresenceRevision(room(parts[1]), number(parts[2]));
      case "s2" -> new Item.InlineSignal(match(BASE64, parts[1]));
      case "l2" -> new Item.LargeSignal(name(parts[1]));
      case "t2" -> new Item.Nonce(name(parts[1]));
      case "*1" -> new Item.Everything();
      default -> throw new IllegalArgumentException("unknown item");
    };
  }

  private static RoomName room(String text) {
    if (!RoomName.isValid(text)) {
      throw new IllegalArgumentException("not a room");
    }
    return new RoomName(text);
  }

  private static String name(String text) {
    return match(NAME, text);
  }

  private static long number(String text) {
    return Long.parseLong(match(NUMBER, text));
  }

  private static String match(Pattern pattern, String text) {
    if (!pattern.matcher(text).matches()) {
      throw new IllegalArgumentException("not well-formed");
    }
    return text;
  }
}
