package io.carillon.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Content;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.json.JsonFields;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CloudEventsTest {
  private static final RoomName ROOM = new RoomName("orders:42");

  @Test
  void structuredGivesKeyNameDataAndMeta() {
    Draft draft =
        CloudEvents.structured(
            """
            {"specversion":"1.0","id":"A-1","type":"com.example.shipped","source":"/shop/1",
             "time":"2026-11-22T10:00:00.5Z","subject":"s","datacontenttype":"application/json",
             "traceparent":"00-1","priority":3,"urgent":true,"none":null,
             "data":{"n":1.0,  "s":"é"}}
            """,
            ROOM);

    assertEquals(ROOM, draft.room());
    assertEquals("A-1\n/shop/1", draft.key());
    assertEquals("com.example.shipped", draft.name().value());
    assertEquals("{\"n\":1.0,  \"s\":\"é\"}", draft.content().text());
    JsonFields meta = meta(draft);
    assertEquals("/shop/1", meta.string("source"));
    assertEquals("2026-11-22T10:00:00.5Z", meta.string("time"));
    assertEquals("s", meta.string("subject"));
    assertEquals("00-1", meta.string("traceparent"));
    assertEquals("3", meta.string("priority"));
    assertEquals("true", meta.string("urgent"));
    assertEquals(6, meta.names().size());
  }

  @Test
  void inABatchTheSubjectIsTheRoom() {
    Draft draft =
        CloudEvents.structured(
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"type\":\"t\",\"source\":\"s\","
                + "\"subject\":\"chat:lobby\"}",
            null);

    assertEquals("chat:lobby", draft.room().value());
    assertEquals("null", draft.content().text());
    assertFalse(meta(draft).has("subject"));
    assertEquals(
        "bad_room",
        code("{\"specversion\":\"1.0\",\"id\":\"1\",\"type\":\"t\",\"source\":\"s\"}", null));
    assertEquals(
        "bad_room",
        code(
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"type\":\"t\",\"source\":\"s\","
                + "\"subject\":\"a b\"}",
            null));
  }

  @Test
  void binaryTakesTheAttributesFromHeadersAndTheBodyAsItIs() {
    MultivaluedMap<String, String> headers = headers();
    headers.putSingle("ce-subject", "caf%C3%A9 100%");
    headers.putSingle("Ce-Ext1", "%e2%82%ac");
    headers.putSingle("Content-Type", "application/json");

    Draft draft = CloudEvents.binary(headers, "[1 ,2.0]", ROOM);

    assertEquals("B-1\n/shop", draft.key());
    assertEquals("shipped", draft.name().value());
    assertEquals("[1 ,2.0]", draft.content().text());
    assertEquals("café 100%", meta(draft).string("subject"));
    assertEquals("€", meta(draft).string("ext1"));
    assertTrue(CloudEvents.isBinary(headers));
    assertFalse(CloudEvents.isBinary(new MultivaluedHashMap<>()));
    assertEquals("null", CloudEvents.binary(headers(), " ", ROOM).content().text());
  }

  @Test
  void bytesAreBytesInBothModes() {
    Content bytes = Content.bytes(new byte[] {0, 1, -1});
    Draft structured =
        CloudEvents.structured(
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"type\":\"t\",\"source\":\"s\","
                + "\"datacontenttype\":\"image/png\",\"data_base64\":\"AAH/\"}",
            ROOM);
    assertEquals(bytes, structured.content());
    assertEquals("image/png", meta(structured).string("datacontenttype"));
    assertEquals(
        Content.json("null"),
        CloudEvents.structured(
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"type\":\"t\",\"source\":\"s\","
                    + "\"data_base64\":null}",
                ROOM)
            .content());

    Draft binary = CloudEvents.binary(headers(), "image/png", new byte[] {0, 1, -1}, ROOM);
    assertEquals(bytes, binary.content());
    assertEquals("B-1\n/shop", binary.key());
    assertEquals("image/png", meta(binary).string("datacontenttype"));
  }

  @Test
  void aHeaderTwiceIsRefused() {
    MultivaluedMap<String, String> headers = headers();
    headers.add("ce-id", "B-2");
    RefusedException refused =
        assertThrows(RefusedException.class, () -> CloudEvents.binary(headers, "1", ROOM));
    assertEquals("bad_frame", refused.rejection().code().code());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"id\":\"1\",\"type\":\"t\",\"source\":\"s\"|bad_frame",
        "\"specversion\":\"0.3\",\"id\":\"1\",\"type\":\"t\",\"source\":\"s\"|bad_frame",
        "\"specversion\":\"1.0\",\"type\":\"t\",\"source\":\"s\"|bad_frame",
        "\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\"|bad_frame",
        "\"specversion\":\"1.0\",\"id\":\"1\",\"type\":\"t\"|bad_frame",
        "\"specversion\":\"1.0\",\"id\":\"1\",\"type\":\"t\",\"source\":\"a b\"|bad_frame",
        "\"specversion\":\"1.0\",\"id\":\"1\",\"type\":\"t\",\"source\":\"s\",\"time\":\"x\"|bad_frame",
        "\"specversion\":\"1.0\",\"id\":\"1\",\"type\":\"t\",\"source\":\"s\",\"Bad_Ext\":\"x\"|bad_frame",
        "\"specversion\":\"1.0\",\"id\":\"1\",\"type\":\"t\",\"source\":\"s\",\"ext\":{}|bad_frame",
        "\"specversion\":\"1.0\",\"id\":\"1\",\"type\":\"a b\",\"source\":\"s\"|bad_name",
        "\"specversion\":\"1.0\",\"id\":\"é\",\"type\":\"t\",\"source\":\"s\"|bad_data",
        "\"specversion\":\"1.0\",\"id\":\"1\",\"type\":\"t\",\"source\":\"s\",\"data_base64\":\"AA_=\"|bad_data",
        "\"specversion\":\"1.0\",\"id\":\"1\",\"type\":\"t\",\"source\":\"s\",\"data_base64\":1|bad_frame",
        "\"specversion\":\"1.0\",\"id\":\"1\",\"type\":\"t\",\"source\":\"s\",\"data_base64\":\"AA==\",\"data\":1|bad_frame"
      })
  void whatIsWrongIsNamed(String members, String code) {
    assertEquals(code, code("{" + members + "}", ROOM));
  }

  @Test
  void attributesBeyondTheLimitOfMetaAreTooLarge() {
    assertEquals(
        "too_large",
        code(
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"type\":\"t\",\"source\":\"s\",\"ext\":\""
                + "x".repeat(1100)
                + "\"}",
            ROOM));
  }

  private static MultivaluedMap<String, String> headers() {
    MultivaluedMap<String, String> headers = new MultivaluedHashMap<>();
    headers.putSingle("CE-SpecVersion", "1.0");
    headers.putSingle("ce-id", "B-1");
    headers.putSingle("ce-type", "shipped");
    headers.putSingle("ce-source", "/shop");
    return headers;
  }

  private static JsonFields meta(Draft draft) {
    return JsonFields.parse(
        java.util.Objects.requireNonNull(draft.meta()), 2, io.carillon.core.ErrorCode.BAD_DATA);
  }

  private static String code(String body, RoomName room) {
    return assertThrows(RefusedException.class, () -> CloudEvents.structured(body, room))
        .rejection()
        .code()
        .code();
  }
}
