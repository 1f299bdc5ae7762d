package io.carillon.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When hardly any file descriptor is left. */
final class DescriptorsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 1000, false",
    "936, 1000, false",
    "937, 1000, true",
    "1000, 1000, true",
    "9223372036854775807, 1000, true",
    "5000, -1, false"
  })
  void fewAreLeftBelowWhatIsKept(long open, long most, boolean few) {
    Descriptors descriptors = new Descriptors(() -> open, () -> most);
    descriptors.look();
    assertEquals(few, descriptors.few());
  }

  @Test
  void theyComeBack() {
    long[] open = {1000};
    Descriptors descriptors = new Descriptors(() -> open[0], () -> 1000);
    descriptors.look();
    assertTrue(descriptors.few());
    open[0] = 500;
    descriptors.look();
    assertEquals(false, descriptors.few());
  }
}
