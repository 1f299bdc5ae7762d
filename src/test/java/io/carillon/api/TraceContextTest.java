package io.carillon.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.carillon.core.json.Payload;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples are those of the recommendation, with other numbers. */
class TraceContextTest {
  private static final String GOOD = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  private static final String MEMBER = "\"traceparent\":\"" + GOOD + "\"";

  private static @Nullable String into(@Nullable String meta) {
    return TraceContext.into(meta, GOOD);
  }

  @Test
  void itIsKeptBesideWhatIsThere() {
    assertEquals(GOOD, TraceContext.read(List.of(" " + GOOD)));
    assertEquals("{" + MEMBER + "}", into(null));
    assertEquals("{" + MEMBER + "}", into(Payload.meta("{ }")).replace(" ", ""));
    assertEquals("{\"a\":\"}\"," + MEMBER + "}", into("{\"a\":\"}\"}"));
    assertEquals("{\"a\":\"1\"}", TraceContext.into("{\"a\":\"1\"}", null));
  }

  @Test
  void whatThePublisherSaysItselfStays() {
    String own = "{\"traceparent\":\"mine\"}";
    assertEquals(own, into(own));
  }

  @Test
  void whereThereIsNoRoomTheEventIsPublishedWithoutIt() {
    String large = "{\"a\":\"" + "x".repeat(Payload.MAX_META_BYTES - 10) + "\"}";
    assertEquals(large, into(large));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\",\"x\":\""
      })
  void whatIsNotValidIsAsNone(String value) {
    assertNull(TraceContext.read(List.of(value)));
    assertNull(TraceContext.read(List.of(GOOD, GOOD)));
    assertNull(TraceContext.read(null));
  }
}
