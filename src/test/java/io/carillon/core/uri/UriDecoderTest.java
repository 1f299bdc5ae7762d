package io.carillon.core.uri;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UriDecoderTest {
  @Test
  void aPlusSignIsASpaceInAQueryAlone() {
    assertEquals("a+b c", UriDecoder.path("a+b%20c"));
    assertEquals("a b+c", UriDecoder.form("a+b%2Bc"));
    assertEquals(Map.of("a b", List.of("ü +")), UriDecoder.query("a+b=%C3%BC+%2B"));
  }

  @Test
  void aParameterHasItsValuesInTheirOrder() {
    assertEquals(
        Map.of("a", List.of("2", "", "1=3"), "", List.of("")), UriDecoder.query("a=2&a&&a=1=3"));
    assertEquals(Map.of(), UriDecoder.query(null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "%4", "a%zz", "%-1"})
  void whatIsNotEncodedAsItShouldBeIsRefused(String raw) {
    for (String query : List.of(raw, raw + "=1", "a=1&b=" + raw)) {
      assertEquals(ErrorCode.BAD_FRAME, refusal(() -> UriDecoder.query(query)));
    }
    assertEquals(ErrorCode.BAD_FRAME, refusal(() -> UriDecoder.path(raw)));
    assertEquals(ErrorCode.BAD_FRAME, refusal(() -> UriDecoder.form(raw)));
  }

  private static ErrorCode refusal(Runnable decoding) {
    return assertThrows(RefusedException.class, decoding::run).rejection().code();
  }
}
