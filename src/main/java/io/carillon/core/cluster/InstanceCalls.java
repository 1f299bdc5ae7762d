package io.carillon.core.cluster;

import io.carillon.core.Content;
import io.carillon.core.ErrorCode;
import io.carillon.core.EventName;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.Signal;
import io.carillon.core.json.JsonFields;
import io.carillon.core.json.JsonText;
import io.carillon.core.json.JsonWriter;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Calls to all instances, this one included: a question goes out by a signal in a room of the
 * server, each instance answers with pages of JSON. A signal may be lost; what has not come in time
 * is counted as silent. Thread-safe.
 */
public final class InstanceCalls {
  /** Room of the questions and answers; nobody but instances sends here, and nobody reads it. */
  public static final RoomName ROOM = new RoomName(RoomName.RESERVED_NAMESPACE + ":calls");

  /** How long answers are waited for. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final EventName ASK = new EventName("ask");
  private static final EventName ANSWER = new EventName("answer");
  private static final int DEPTH = 2 * JsonText.MAX_DEPTH;
  private static final System.Logger LOG = System.getLogger(InstanceCalls.class.getName());

  private final CallParts parts;
  private final Map<String, Function<JsonFields, List<String>>> answerers =
      new ConcurrentHashMap<>();
  private final Map<String, Answers> asked = new ConcurrentHashMap<>();

  /**
   * What the calls are made with.
   *
   * @param id this incarnation, unique among all
   * @param name the instance's name, for people
   * @param instances how many live; may block
   * @param send sends a signal to the other instances; returns at once
   * @param ids makes ids of calls
   * @param executor runs what blocks: give virtual threads
   * @param later runs a short task after a while
   */
  public record CallParts(
      String id,
      String name,
      IntSupplier instances,
      Consumer<Signal> send,
      Supplier<String> ids,
      Executor executor,
      BiConsumer<Runnable, Duration> later) {}

  /** Creates calls that answer nothing yet. */
  public InstanceCalls(CallParts parts) {
    this.parts = parts;
  }

  /**
   * Answers questions of a kind.
   *
   * @param kind a word of ours, the same on all instances
   * @param answerer gives the pages of an answer, each a JSON value of some 30 KB at the most, at
   *     least one; on a virtual thread, and may block
   */
  public void answer(String kind, Function<JsonFields, List<String>> answerer) {
    answerers.put(kind, answerer);
  }

  /**
   * Asks all instances.
   *
   * @param question a JSON object
   * @return completes when all have answered, or after two seconds with what has come; never fails
   */
  public CompletableFuture<ClusterAnswer> ask(String kind, String question) {
    String id = parts.ids().get();
    Answers answers = new Answers();
    asked.put(id, answers);
    CompletableFuture<ClusterAnswer> all =
        answers.done().whenComplete((answer, never) -> asked.remove(id));
    parts.executor().execute(() -> begin(id, kind, question, answers));
    parts.later().accept(answers::giveUp, PATIENCE);
    return all;
  }

  private void begin(String id, String kind, String question, Answers answers) {
    JsonFields asks = JsonFields.parse(question, DEPTH, ErrorCode.BAD_DATA);
    try {
      answers.expect(parts.instances().getAsInt());
    } catch (RuntimeException unknown) {
      LOG.log(Level.DEBUG, "it is not known how many instances there are", unknown);
    }
    send(
        ASK,
        new JsonWriter(new StringBuilder(128 + question.length()))
            .beginObject()
            .field("id", id)
            .field("from", parts.id())
            .field("kind", kind)
            .rawField("question", question));
    answers.whole(parts.id(), parts.name(), answered(kind, asks));
  }

  private List<String> answered(String kind, JsonFields question) {
    Function<JsonFields, List<String>> answerer = answerers.get(kind);
    return answerer == null ? List.of() : answerer.apply(question);
  }

  private void send(EventName name, JsonWriter open) {
    Content content = Content.json(open.endObject().toString());
    parts.send().accept(new Signal(ROOM, name, content, RoomName.RESERVED_NAMESPACE, "", null));
  }

  /**
   * Takes a signal of another instance. Returns at once.
   *
   * @return whether it was one of these calls, which no client gets
   */
  public boolean heard(Signal signal) {
    if (!signal.room().equals(ROOM)) {
      return false;
    }
    try {
      JsonFields fields = JsonFields.parse(signal.content().text(), DEPTH, ErrorCode.BAD_DATA);
      if (signal.name().equals(ASK)) {
        parts.executor().execute(() -> reply(fields));
      } else if (parts.id().equals(fields.string("to"))) {
        Answers waiting = asked.get(fields.requiredString("id"));
        String page = fields.raw("page");
        if (waiting != null && page != null) {
          String from = fields.requiredString("from");
          String name = fields.requiredString("name");
          waiting.page(from, name, page, (int) fields.integer("pages", 1));
        }
      }
    } catch (RefusedException newer) {
      LOG.log(Level.DEBUG, "a signal of another version", newer);
    }
    return true;
  }

  private void reply(JsonFields ask) {
    try {
      String question = ask.object("question");
      JsonFields fields =
          JsonFields.parse(question == null ? "{}" : question, DEPTH, ErrorCode.BAD_DATA);
      List<String> pages = answered(ask.requiredString("kind"), fields);
      for (String page : pages) {
        send(
            ANSWER,
            new JsonWriter(new StringBuilder(128 + page.length()))
                .beginObject()
                .field("id", ask.requiredString("id"))
                .field("to", ask.requiredString("from"))
                .field("from", parts.id())
                .field("name", parts.name())
                .field("pages", pages.size())
                .rawField("page", page));
      }
    } catch (RefusedException newer) {
      LOG.log(Level.DEBUG, "another version asks for something new", newer);
    }
  }
}
