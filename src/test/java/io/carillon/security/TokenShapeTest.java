package io.carillon.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenShapeTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"eyJhbGciOiJSUzI1NiJ9.e30.c2ln", "x=eyJ..", "aeyJ-_9.a.", "eyeyJ.b.c", ".eyJa.b."})
  void findsTokens(String text) {
    assertTrue(TokenShape.isIn(text), text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "eyJ", "eyJa.b", "eyJ a.b.c", "eyJa.b c.d", "ey.J.a.b", "a.b.c"})
  void findsNothingElse(String text) {
    assertFalse(TokenShape.isIn(text), text);
  }

  @Test
  void findsWhatTheExpressionFinds() {
    Pattern expression = Pattern.compile("eyJ[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]*\\.");
    SplittableRandom random = new SplittableRandom(14);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      while (random.nextInt(24) > 0) {
        text.append("eyJ..% ".charAt(random.nextInt(7)));
      }
      assertEquals(expression.matcher(text).find(), TokenShape.isIn(text), text::toString);
    }
  }

  /** Every character is looked at once, so the work is the length. */
  @ParameterizedTest
  @ValueSource(strings = {"eyJ", "ey", "eyJa.b,", "a."})
  void looksAtEachCharacterOnce(String part) {
    Counted text = new Counted(part, 4096);
    TokenShape.isIn(text);
    assertTrue(text.looks <= text.length(), text.looks + " looks at " + text.length());
  }

  /** A text of so many equal parts, which counts how often it is looked at. */
  private static final class Counted implements CharSequence {
    private final String text;
    private int looks;

    Counted(String part, int times) {
      this.text = part.repeat(times);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      looks++;
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      throw new UnsupportedOperationException();
    }
  }
}
