package io.carillon.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.carillon.core.Content;
import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DraftTest {
  private static final RoomName ROOM = new RoomName("orders:42");

  @Test
  void theDataStaysTheTextThatCame() {
    String data =
        "{ \"b\":1.0,  \"a\" : [1e2, \"\\u00e9é\"],\"big\":123456789012345678901234567890}";
    Draft draft = Draft.read("{\"name\":\"x\", \"data\": " + data + " }", ROOM, null);

    assertEquals(data, draft.content().text());
    assertEquals("x", draft.name().value());
    assertNull(draft.key());
    assertNull(draft.meta());
  }

  @Test
  void theHeaderWinsOverTheBodyAndThePathOverBoth() {
    String body = "{\"room\":\"other\",\"name\":\"x\",\"data\":null,\"key\":\"body\"}";
    Draft draft = Draft.read(body, ROOM, "header");

    assertEquals(ROOM, draft.room());
    assertEquals("header", draft.key());
    assertEquals("body", Draft.read(body, null, null).key());
    assertEquals("other", Draft.read(body, null, null).room().value());
    assertEquals("null", draft.content().text());
  }

  @Test
  void ofBytesTheQuerySaysTheRest() {
    byte[] body = {0, -1};
    MultivaluedMap<String, String> query = new MultivaluedHashMap<>();
    assertEquals(ErrorCode.BAD_NAME, refusal(query));
    query.putSingle("name", "doc.update");
    Draft draft = Draft.read(body, query, ROOM, null);
    assertEquals(Content.bytes(body), draft.content());
    assertEquals("doc.update", draft.name().value());
    assertNull(draft.key());
    assertNull(draft.meta());

    query.putSingle("key", "k");
    query.putSingle("meta", "{\"a\":\"b\"}");
    assertEquals("k", Draft.read(body, query, ROOM, null).key());
    assertEquals("header", Draft.read(body, query, ROOM, "header").key());
    assertEquals("{\"a\":\"b\"}", Draft.read(body, query, ROOM, null).meta());

    query.add("key", "k");
    assertEquals(ErrorCode.BAD_DATA, refusal(query));
    query.putSingle("key", "é");
    assertEquals(ErrorCode.BAD_DATA, refusal(query));
    query.remove("key");
    query.putSingle("meta", "{\"a\":1}");
    assertEquals(ErrorCode.BAD_DATA, refusal(query));
    query.remove("meta");
    query.add("name", "other");
    assertEquals(ErrorCode.BAD_NAME, refusal(query));
  }

  private static ErrorCode refusal(MultivaluedMap<String, String> query) {
    return assertThrows(RefusedException.class, () -> Draft.read(new byte[0], query, ROOM, null))
        .rejection()
        .code();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]|bad_frame",
        "{|bad_frame",
        "{} {}|bad_frame",
        "``|bad_frame",
        "{\"name\":\"x\",\"data\":1,\"data\":2}|bad_frame",
        "{\"name\":\"x\",\"data\":NaN}|bad_frame",
        "{\"name\":\"x\"}|bad_data",
        "{\"data\":1}|bad_name",
        "{\"name\":7,\"data\":1}|bad_name",
        "{\"name\":\"carillon:x\",\"data\":1}|bad_name",
        "{\"name\":\"a b\",\"data\":1}|bad_name",
        "{\"name\":\"x\",\"data\":1,\"key\":\"\"}|bad_data",
        "{\"name\":\"x\",\"data\":1,\"key\":1}|bad_data",
        "{\"name\":\"x\",\"data\":1,\"meta\":{\"a\":1}}|bad_data",
        "{\"name\":\"x\",\"data\":1,\"meta\":[]}|bad_data"
      })
  void whatIsWrongIsNamed(String body, String code) {
    assertEquals(code, code(body, ROOM));
  }

  @Test
  void aRoomInTheBodyIsCheckedLikeAnyOther() {
    assertEquals("bad_room", code("{\"name\":\"x\",\"data\":1}", null));
    assertEquals("bad_room", code("{\"room\":\"a b\",\"name\":\"x\",\"data\":1}", null));
    assertEquals("bad_room", code("{\"room\":[],\"name\":\"x\",\"data\":1}", null));
  }

  @Test
  void nestingIsBounded() {
    String good = "[".repeat(32) + "]".repeat(32);
    String deep = "[".repeat(33) + "]".repeat(33);
    assertEquals(
        good, Draft.read("{\"name\":\"x\",\"data\":" + good + "}", ROOM, null).content().text());
    assertEquals("bad_data", code("{\"name\":\"x\",\"data\":" + deep + "}", ROOM));
    String veryDeep = "[".repeat(10_000) + "]".repeat(10_000);
    assertEquals("bad_frame", code("{\"name\":\"x\",\"data\":" + veryDeep + "}", ROOM));
  }

  @Test
  void aBatchHasAtMostSoMany() {
    assertEquals(2, Draft.elements("[{\"a\":1}, 2]", 2).size());
    RefusedException refused =
        assertThrows(RefusedException.class, () -> Draft.elements("[1,2,3]", 2));
    assertEquals(ErrorCode.TOO_LARGE, refused.rejection().code());
    refused = assertThrows(RefusedException.class, () -> Draft.elements("{}", 2));
    assertEquals(ErrorCode.BAD_FRAME, refused.rejection().code());
  }

  private static String code(String body, RoomName room) {
    return assertThrows(RefusedException.class, () -> Draft.read(body, room, null))
        .rejection()
        .code()
        .code();
  }
}
