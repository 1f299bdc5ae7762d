package io.carillon.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.carillon.core.json.Payload;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContentTest {
  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }

  @Test
  void jsonIsTheVeryTextThatCame() {
    String text = "{ \"a\" : 1.0 }";
    assertSame(text, Content.json(text).text());
    assertEquals(text.length(), Content.json(text).weight());
  }

  @Test
  void bytesGoThroughTheirTextUnchanged() {
    for (int count : new int[] {0, 1, 2, 3, 255, 256, 1000}) {
      Content content = Content.bytes(bytes(count));
      assertEquals(content.text().length(), content.weight());
      Content again = Content.base64(content.text());
      assertEquals(content, again);
      assertEquals(content.hashCode(), again.hashCode());
      assertArrayEquals(bytes(count), assertInstanceOf(Content.Binary.class, again).toArray());
    }
    assertNotEquals(Content.bytes(bytes(2)), Content.bytes(bytes(3)));
    assertNotEquals(Content.json(""), Content.bytes(bytes(0)));
  }

  @Test
  void nobodyChangesThemAfterwards() {
    byte[] mine = bytes(3);
    Content.Binary content = (Content.Binary) Content.bytes(mine);
    mine[0] = 9;
    content.toArray()[1] = 9;
    assertArrayEquals(bytes(3), content.toArray());
  }

  @Test
  void whatIsNoBase64IsRefused() {
    for (String text : List.of("a", "a===", "AA=A", "AA-_", "AAAA\n", "é", "{}")) {
      RefusedException refused =
          assertThrows(RefusedException.class, () -> Content.base64(text), text);
      assertEquals(ErrorCode.BAD_DATA, refused.rejection().code());
    }
  }

  @Test
  void theSizeIsThatOfTheBytes() {
    Content small = Content.json("\"éé\"");
    assertDoesNotThrow(() -> Payload.checkSize(small, 6));
    assertThrows(RefusedException.class, () -> Payload.checkSize(small, 5));
    Content raw = Content.bytes(bytes(300));
    assertDoesNotThrow(() -> Payload.checkSize(raw, 300));
    assertThrows(RefusedException.class, () -> Payload.checkSize(raw, 299));
    assertDoesNotThrow(() -> Payload.checkSize(Content.bytes(bytes(0)), 0));
  }
}
