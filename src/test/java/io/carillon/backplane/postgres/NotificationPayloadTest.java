package io.carillon.backplane.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.RoomName;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotificationPayloadTest {
  private static final String LONG_EPOCH = "z".repeat(32);

  @Test
  void everyItemComesBackAsItWas() {
    List<Item> items =
        List.of(
            new Item.LogPosition(new RoomName("aZ0_-.:@=,~"), "k3f9", Long.MAX_VALUE),
            new Item.PresenceRevision(new RoomName("r".repeat(200)), 0),
            new Item.InlineSignal("A".repeat(43)),
            new Item.LargeSignal("me-1"),
            new Item.Nonce("n-1"),
            new Item.Everything());
    List<String> texts = NotificationPayload.write(NotificationPayload.Version.ONE, "me", items);
    assertEquals(1, texts.size());
    assertEquals(
        new NotificationPayload(NotificationPayload.Version.ONE, "me", items),
        NotificationPayload.read(texts.get(0)));
  }

  @Test
  void tenThousandRoomsMakeOnlyTextsThatNotifyTakes() {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      String name = i + ":" + "r".repeat(i % 190);
      items.add(new Item.LogPosition(new RoomName(name), LONG_EPOCH, Long.MAX_VALUE - i));
    }
    List<Item> read = new ArrayList<>();
    for (String text : NotificationPayload.write(NotificationPayload.Version.ONE, "me", items)) {
      assertTrue(text.length() <= NotificationPayload.MAX, () -> "length " + text.length());
      read.addAll(NotificationPayload.read(text).items());
    }
    assertEquals(items, read);
  }

  @Test
  void nothingToSayIsNoText() {
    assertEquals(
        List.of(), NotificationPayload.write(NotificationPayload.Version.ONE, "me", List.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "1 me",
        "1 me ",
        "3 me *",
        "1 m/e *",
        "1 me  *",
        "1 me * ",
        "1 me x/1",
        "1 me */1",
        "1 me e/r/k/1/2",
        "1 me e/r/k",
        "1 me e/r/k/-1",
        "1 me e/r/k/+1",
        "1 me e/r/k/9223372036854775808",
        "1 me e/r/K/1",
        "1 me e//k/1",
        "1 me e/../k/1",
        "1 me e/ü/k/1",
        "1 me e/r/k/1 p/r/x",
        "1 me s/abc",
        "1 me s/'; drop table x",
        "1 me l/a'b",
        "1 me t/"
      })
  void whatIsNotOursIsRefusedAsAWhole(String text) {
    assertThrows(IllegalArgumentException.class, () -> NotificationPayload.read(text));
  }

  @Test
  void aTextLongerThanAnyNotificationIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> NotificationPayload.read("1 me " + "* ".repeat(4_000) + "*"));
  }
}
