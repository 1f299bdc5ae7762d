package io.carillon.protocol.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.carillon.core.Command;
import io.carillon.core.Command.PresenceMode;
import io.carillon.core.Cursor;
import io.carillon.core.EventName;
import io.carillon.core.HistoryQuery;
import io.carillon.core.Reply;
import io.carillon.core.RoomName;
import io.carillon.kit.client.WireSchema;
import io.carillon.protocol.Decoded;
import io.carillon.protocol.Message;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecoderTest {
  private static final RoomName ROOM = new RoomName("a:1");

  private static final String NASTY = "{}[]\",:\\0\ud800e-";

  private final Decoder decoder = new Decoder();

  @Test
  void readsEveryCommand() {
    assertAsked(
        new Command.Join("1", ROOM, null, 0, PresenceMode.NONE, true),
        "{'type':'join','ref':1,'room':'a:1'}");
    assertAsked(
        new Command.Join(
            "'x'".replace('\'', '"'), ROOM, new Cursor("e", 5), 9, PresenceMode.FOLLOW, false),
        "{'room':'a:1','ref':'x','after':'e.5','last':9,'presence':true,'signals':false,"
            + "'type':'join'}");
    assertAsked(
        new Command.Join(null, ROOM, null, 0, new PresenceMode.FollowAndTrack("{\"m\": 1}"), true),
        "{'type':'join','room':'a:1','after':null,'presence':{'state':{'m':\n1}},'signals':null}"
            .replace("\n", " "));
    assertAsked(
        new Command.Join("1", ROOM, null, 0, PresenceMode.NONE, true, false),
        "{'type':'join','ref':1,'room':'a:1','echo':false}");
    assertAsked(
        new Command.Join("1", ROOM, null, 0, PresenceMode.NONE, true, true),
        "{'type':'join','ref':1,'room':'a:1','echo':null}");
    assertAsked(new Command.Leave("2", ROOM), "{'type':'leave','ref':2,'room':'a:1'}");
    assertAsked(
        new Command.Publish("3", ROOM, new EventName("n"), "{\"b\":[1, 2]}", null, null),
        "{'type':'publish','ref':3,'room':'a:1','name':'n','data':{'b':[1, 2]}}");
    assertAsked(
        new Command.Publish(null, ROOM, new EventName("n"), "null", "k e y", "{\"m\":\"1\"}"),
        "{'type':'publish','room':'a:1','name':'n','data':null,'key':'k e y','meta':{'m':'1'}}");
    assertAsked(
        new Command.SendSignal(null, ROOM, new EventName("n"), "1", "bob"),
        "{'type':'signal','room':'a:1','name':'n','data':1,'to':'bob'}");
    assertAsked(
        new Command.Track("4", ROOM, "{}"), "{'type':'track','ref':4,'room':'a:1','state':{}}");
    assertAsked(new Command.Untrack("5", ROOM), "{'type':'untrack','ref':5,'room':'a:1'}");
    assertAsked(
        new Command.Members("6", ROOM, 1000, null), "{'type':'members','ref':6,'room':'a:1'}");
    assertAsked(
        new Command.Members("6", ROOM, 7, "p"),
        "{'type':'members','ref':6,'room':'a:1','limit':7,'page':'p'}");
    assertAsked(
        new Command.History("7", new HistoryQuery(ROOM, null, new Cursor("0", 0), 0, 100)),
        "{'type':'history','ref':7,'room':'a:1','before':'0.0'}");
    assertAsked(
        new Command.History("7", new HistoryQuery(ROOM, null, null, 700, 700)),
        "{'type':'history','ref':7,'room':'a:1','last':700}");
    assertAsked(new Command.Auth("8", "t"), "{'type':'auth','ref':8,'token':'t'}");
    assertAsked(new Command.Ping(null), "{'type':'ping'}");
    assertAsked(new Command.Pong(null), " {'type':'pong','unknown':{'field':[]}} ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "bad_frame | 1    | {'type':'nonsense','ref':1}",
        "bad_frame | 1    | {'ref':1}",
        "bad_frame | 1    | {'type':7,'ref':1}",
        "bad_frame | 'a'  | {'type':'PING','ref':'a'}",
        "bad_frame |      | {'type':'ping','ref':{}}",
        "bad_frame |      | {'type':'ping','ref':true}",
        "bad_frame |      | 17",
        "bad_frame |      | ''",
        "bad_frame |      | ~~",
        "bad_frame |      | {'type':'ping'} x",
        "bad_frame |      | {'type':'ping','type':'ping'}",
        "bad_frame |      | {'type':'ping','a':NaN}",
        "bad_frame |      | {'type':'ping','a':1e9999}",
        "bad_frame |      | [{'type':'ping'},]",
        "bad_frame |      | [[{'type':'ping'}]]",
        "bad_room  | 1    | {'type':'join','ref':1}",
        "bad_room  | 1    | {'type':'join','ref':1,'room':5}",
        "bad_room  | 1    | {'type':'join','ref':1,'room':'a/b'}",
        "bad_room  | 1    | {'type':'join','ref':1,'room':'..'}",
        "bad_room  | 1    | {'type':'join','ref':1,'room':'é'}",
        "bad_room  | 1    | {'type':'join','ref':1,'room':'a\\u0000'}",
        "bad_cursor| 1    | {'type':'join','ref':1,'room':'a','after':'x'}",
        "bad_cursor| 1    | {'type':'join','ref':1,'room':'a','after':17}",
        "bad_cursor| 1    | {'type':'history','ref':1,'room':'a','after':'e.1,e.2'}",
        "bad_frame | 1    | {'type':'history','ref':1,'room':'a','after':'e.1','before':'e.2'}",
        "bad_frame | 1    | {'type':'history','ref':1,'room':'a','limit':1001}",
        "bad_frame | 1    | {'type':'history','ref':1,'room':'a','limit':0}",
        "bad_frame | 1    | {'type':'join','ref':1,'room':'a','last':-1}",
        "bad_frame | 1    | {'type':'join','ref':1,'room':'a','signals':'yes'}",
        "bad_frame | 1    | {'type':'join','ref':1,'room':'a','echo':'no'}",
        "bad_data  | 1    | {'type':'join','ref':1,'room':'a','presence':{}}",
        "bad_data  | 1    | {'type':'join','ref':1,'room':'a','presence':{'state':1}}",
        "bad_name  | 1    | {'type':'publish','ref':1,'room':'a','data':1}",
        "bad_name  | 1    | {'type':'publish','ref':1,'room':'a','data':1,'name':'carillon:x'}",
        "bad_name  | 1    | {'type':'publish','ref':1,'room':'a','data':1,'name':'a\\nb'}",
        "bad_data  | 1    | {'type':'publish','ref':1,'room':'a','name':'n'}",
        "bad_data  | 1    |"
            + " {'type':'publish','ref':1,'room':'a','name':'n','data':1,'meta':{'a':1}}",
        "bad_data  | 1    | {'type':'publish','ref':1,'room':'a','name':'n','data':1,'key':1}",
        "bad_data  | 1    | {'type':'publish','ref':1,'room':'a','name':'n','data':1,'key':'a\\n"
            + "b'}",
        "bad_data  | 1    | {'type':'track','ref':1,'room':'a','state':[]}",
        "bad_data  | 1    | {'type':'track','ref':1,'room':'a'}",
        "bad_frame | 1    | {'type':'auth','ref':1}",
      })
  void answersWhatIsWrong(String code, String ref, String message) {
    Reply.Refused reply = refused(message.replace('\'', '"'));
    assertEquals(code, reply.rejection().code().code());
    assertEquals(ref == null ? null : ref.replace('\'', '"'), reply.ref());
  }

  @Test
  void dataThatIsTooDeepIsAnsweredWithItsRef() {
    String publish = "{\"type\":\"publish\",\"ref\":1,\"room\":\"a\",\"name\":\"n\",\"data\":";
    assertInstanceOf(Decoded.Asked.class, one(publish + nested(32) + "}"));
    Reply.Refused tooDeep = refused(publish + nested(33) + "}");
    assertEquals("bad_data", tooDeep.rejection().code().code());
    assertEquals("1", tooDeep.ref());
    assertEquals("bad_frame", refused(publish + nested(10_000) + "}").rejection().code().code());
  }

  @Test
  void aRefIsBounded() {
    assertInstanceOf(
        Decoded.Asked.class, one("{\"type\":\"ping\",\"ref\":\"" + "x".repeat(126) + "\"}"));
    assertNull(refused("{\"type\":\"ping\",\"ref\":\"" + "x".repeat(127) + "\"}").ref());
  }

  @Test
  void stateAndMetaAreBounded() {
    String big = "{\"a\":\"" + "x".repeat(1024) + "\"}";
    assertEquals(
        "too_large",
        refused("{\"type\":\"track\",\"room\":\"a\",\"state\":" + big + "}")
            .rejection()
            .code()
            .code());
  }

  @Test
  void oneBadCommandOfABatchSpoilsNoOther() {
    List<Decoded> decoded =
        decoder.decode(
            "[{\"type\":\"ping\",\"ref\":1},{\"type\":\"x\",\"ref\":2},3,{\"type\":\"pong\"}]");
    assertEquals(4, decoded.size());
    assertEquals(new Decoded.Asked(new Command.Ping("1")), decoded.get(0));
    assertEquals("2", ((Decoded.Invalid) decoded.get(1)).reply().ref());
    assertNull(((Decoded.Invalid) decoded.get(2)).reply().ref());
    assertEquals(new Decoded.Asked(new Command.Pong(null)), decoded.get(3));
    assertEquals(List.of(), decoder.decode("[]"));
  }

  @Test
  void aBatchIsBounded() {
    String thousand = "[" + "{\"type\":\"ping\"},".repeat(999) + "{\"type\":\"ping\"}]";
    assertEquals(1000, decoder.decode(thousand).size());
    String more = "[" + "1,".repeat(60_000) + "1]";
    assertEquals("too_large", refused(more).rejection().code().code());
  }

  @Test
  void nothingThatAPeerCanSendEscapes() {
    SplittableRandom random = new SplittableRandom(7);
    String valid =
        "[{\"type\":\"publish\",\"ref\":\"r\",\"room\":\"a:1\",\"name\":\"n\",\"data\":{\"a\":[1,\"\\u00e9\"]}},"
            + "{\"type\":\"join\",\"room\":\"b\",\"after\":\"e.1\",\"presence\":{\"state\":{}}}]";
    for (int i = 0; i < 30_000; i++) {
      StringBuilder broken = new StringBuilder(valid);
      for (int n = random.nextInt(1, 4); n > 0; n--) {
        int at = random.nextInt(broken.length());
        switch (random.nextInt(3)) {
          case 0 -> broken.deleteCharAt(at);
          case 1 -> broken.setCharAt(at, (char) random.nextInt(0x80));
          default -> broken.insert(at, NASTY.charAt(random.nextInt(NASTY.length())));
        }
      }
      for (Decoded decoded : decoder.decode(broken.toString())) {
        if (decoded instanceof Decoded.Invalid refused) {
          WireSchema.check(
              "frame.error",
              ((Message.Text) new CarillonV1Encoder().encode(refused.reply())).text());
        }
      }
    }
  }

  private void assertAsked(Command expected, String message) {
    String json = message.replace('\'', '"');
    WireSchema.checkClientMessage(json);
    assertEquals(new Decoded.Asked(expected), one(json));
  }

  private Reply.Refused refused(String message) {
    return assertInstanceOf(Decoded.Invalid.class, one(message)).reply();
  }

  private Decoded one(String message) {
    List<Decoded> decoded = decoder.decode(message);
    assertEquals(1, decoded.size(), message);
    return decoded.getFirst();
  }

  private static String nested(int depth) {
    return "[".repeat(depth) + "]".repeat(depth);
  }
}
