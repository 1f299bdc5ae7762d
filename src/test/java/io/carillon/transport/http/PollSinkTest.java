package io.carillon.transport.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.CloseCode;
import io.carillon.core.Cursor;
import io.carillon.core.ErrorCode;
import io.carillon.core.Grants;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.connection.ConnectionLimits;
import io.carillon.core.connection.Connections;
import io.carillon.core.connection.Farewell;
import io.carillon.core.connection.Liveness;
import io.carillon.core.connection.RevocationFreshness;
import io.carillon.core.spi.Probe;
import io.carillon.kit.HandExecutor;
import io.carillon.kit.ManualTime;
import io.carillon.protocol.PageFrame;
import io.carillon.protocol.RoomCursor;
import io.carillon.protocol.page.JsonPages;
import io.carillon.transport.request.RequestEnd;
import jakarta.servlet.AsyncContext;
import jakarta.ws.rs.container.AsyncResponse;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** A poll never answers with a position that nobody gave it. */
final class PollSinkTest {
  private static final RoomName ROOM = new RoomName("a:1");

  private final List<Object> answers = new ArrayList<>();
  private final RequestEnd end = RequestEnd.of(stub(AsyncContext.class));
  private final PollSink sink =
      new PollSink(
          new PollPage(List.of(ROOM), List.of(), 10), true, new JsonPages(), response(), end, 5);

  @Test
  void aWaitThatEndsBeforeTheRoomsAreKnownSaysSo() {
    sink.timeUp();
    RefusedException refused = assertInstanceOf(RefusedException.class, answers.getFirst());
    assertEquals(ErrorCode.STORAGE, refused.rejection().code());
    begin();
    sink.timeUp();
    assertEquals(1, answers.size());
  }

  @Test
  void anEndBeforeTheRoomsAreKnownIsNotAPage() {
    sink.write(List.of(new PageFrame(PageFrame.Kind.END, "", List.of(), List.of())), ended -> {});
    RefusedException refused = assertInstanceOf(RefusedException.class, answers.getFirst());
    assertEquals(ErrorCode.OVERLOADED, refused.rejection().code());
  }

  @Test
  void aPollThatIsAnsweredInAnotherWayLeavesNoTimerBehind() {
    FutureTask<?> timer = new FutureTask<>(sink::timeUp, null);
    sink.until(timer);
    sink.abandon();
    assertTrue(timer.isCancelled());
    sink.timeUp();
    FutureTask<?> late = new FutureTask<>(sink::timeUp, null);
    sink.until(late);
    assertTrue(late.isCancelled());
    assertEquals(List.of(), answers);
  }

  @Test
  void aPollWhoseRequestIsOverEndsItsConnectionOnce() {
    ManualTime time = new ManualTime();
    Connections connections =
        new Connections(
            ConnectionLimits.DEFAULTS,
            () -> "c",
            time::nanos,
            time,
            new SplittableRandom(1),
            RevocationFreshness.always(),
            Probe.NONE);
    Identity who = new Identity("alice", Grants.NONE, null, null);
    sink.serve(
        connections.open(who, new JsonPages().encoder(), sink, new HandExecutor(), Liveness.NONE));
    FutureTask<?> timer = new FutureTask<>(sink::timeUp, null);
    sink.until(timer);
    sink.vanished();
    assertEquals(0, connections.count());
    assertTrue(timer.isCancelled());
    sink.vanished();
    sink.timeUp();
    assertEquals(List.of(), answers);
  }

  private void begin() {
    RoomCursor at = new RoomCursor(ROOM, new Cursor("e1", 7));
    sink.write(
        List.of(new PageFrame(PageFrame.Kind.BEGIN, "", List.of(at), List.of(at))), ended -> {});
  }

  @Test
  void itsCloseIsOutWhenTheRequestIsOver() {
    List<String> told = new ArrayList<>();
    sink.close(
        CloseCode.RESTART, Farewell.of(CloseCode.RESTART, "drain", null), () -> told.add("out"));
    assertEquals(1, answers.size());
    assertEquals(List.of(), told);
    end.onComplete(null);
    assertEquals(List.of("out"), told);
  }

  private AsyncResponse response() {
    return stub(AsyncResponse.class);
  }

  /** Writes down what it is resumed with. */
  private <T> T stub(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                method.getName().equals("resume") ? answers.add(arguments[0]) : null));
  }
}
