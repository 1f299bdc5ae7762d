package io.carillon.fuzz;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The kept inputs of every target, and some thousand changes of them by a seed that is always the
 * same: a fault that was found once is found again. New ones are looked for by {@code mvn -Pfuzz}.
 */
final class CorpusTest {
  private static final Path CORPUS = Path.of("src/test/resources/fuzz");
  private static final int CHANGES = 3_000;
  private static final int LONGEST = 20_000;
  private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final byte[] TELLING = {
    0,
    1,
    9,
    10,
    13,
    0x1e,
    ' ',
    '"',
    '%',
    '\'',
    ',',
    '-',
    '.',
    '/',
    '0',
    '9',
    ':',
    ';',
    '=',
    '[',
    '\\',
    ']',
    '{',
    '}',
    0x7f,
    (byte) 0x80,
    (byte) 0xc3,
    (byte) 0xdf,
    (byte) 0xed,
    (byte) 0xff
  };

  private static List<byte[]> kept(FuzzTarget target) throws IOException {
    try (Stream<Path> files = Files.list(CORPUS.resolve(target.folder()))) {
      List<byte[]> all = files.sorted().map(CorpusTest::read).toList();
      assertFalse(all.isEmpty(), target::name);
      return all;
    }
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingButARefusalComesOfIt(FuzzTarget target) throws IOException {
    List<byte[]> kept = kept(target);
    kept.forEach(input -> taken(target, input));
    SplittableRandom random = new SplittableRandom(target.name().hashCode());
    for (int i = 0; i < CHANGES; i++) {
      byte[] input = kept.get(random.nextInt(kept.size()));
      for (int changes = 1 + random.nextInt(6); changes > 0; changes--) {
        input = changed(input, kept, random);
      }
      taken(target, input);
    }
  }

  private static void taken(FuzzTarget target, byte[] input) {
    long begun = System.nanoTime();
    try {
      target.take(input);
    } catch (RuntimeException | Error finding) {
      throw new AssertionError(target + " fails on " + HexFormat.of().formatHex(input), finding);
    }
    assertTrue(
        System.nanoTime() - begun < SLOW_NANOS,
        () -> target + " is slow on " + HexFormat.of().formatHex(input));
  }

  private static byte[] changed(byte[] input, List<byte[]> kept, SplittableRandom random) {
    int at = random.nextInt(input.length + 1);
    int to = at + random.nextInt(Math.min(16, input.length - at) + 1);
    byte[] middle =
        switch (random.nextInt(7)) {
          case 0 -> new byte[] {TELLING[random.nextInt(TELLING.length)]};
          case 1 -> new byte[] {(byte) random.nextInt(256)};
          case 2 -> new byte[0];
          case 3 -> repeated(Arrays.copyOfRange(input, at, to), 2 + random.nextInt(40));
          case 4 -> {
            byte[] other = kept.get(random.nextInt(kept.size()));
            int from = random.nextInt(other.length + 1);
            yield Arrays.copyOfRange(other, from, from + random.nextInt(other.length - from + 1));
          }
          case 5 -> Arrays.copyOfRange(input, at, input.length);
          default -> {
            byte[] flipped = Arrays.copyOfRange(input, at, to);
            if (flipped.length > 0) {
              flipped[0] ^= (byte) (1 << random.nextInt(8));
            }
            yield flipped;
          }
        };
    byte[] changed = new byte[at + middle.length + input.length - to];
    System.arraycopy(input, 0, changed, 0, at);
    System.arraycopy(middle, 0, changed, at, middle.length);
    System.arraycopy(input, to, changed, at + middle.length, input.length - to);
    return changed.length > LONGEST ? input : changed;
  }

  private static byte[] repeated(byte[] part, int times) {
    byte[] all = new byte[part.length * times];
    for (int i = 0; i < times; i++) {
      System.arraycopy(part, 0, all, i * part.length, part.length);
    }
    return all;
  }
}
