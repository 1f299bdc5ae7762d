package io.carillon.core.coding;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Content coding {@code gzip} of whole bodies. */
public final class Gzip {
  /** The header that says which codings a client takes. */
  public static final String ACCEPTED = "Accept-Encoding";

  /** Shorter ones fit into a packet or two as they are. */
  private static final int LEAST = 1000;

  private Gzip() {}

  /** Whether an {@code Accept-Encoding} names gzip and does not refuse it. */
  public static boolean isTaken(List<String> values) {
    return values.stream()
        .flatMap(value -> Arrays.stream(value.split(",", -1)))
        .map(coding -> coding.replace(" ", "").toLowerCase(Locale.ROOT))
        .anyMatch(coding -> coding.equals("gzip") || coding.matches("gzip;q=(0\\.0*[1-9].*|1.*)"));
  }

  /** Packs what is packed once and sent often. Null: it is not worth it. */
  public static byte @Nullable [] packed(byte[] bytes) {
    return packed(bytes, Deflater.DEFAULT_COMPRESSION);
  }

  /** Packs what is sent once: a little less tight, at a third of the cost. Null as above. */
  public static byte @Nullable [] packedFast(byte[] bytes) {
    return packed(bytes, Deflater.BEST_SPEED);
  }

  private static byte @Nullable [] packed(byte[] bytes, int level) {
    if (bytes.length < LEAST) {
      return null;
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream(bytes.length / 2);
    try (GZIPOutputStream out = new Leveled(all, level)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return all.size() < bytes.length ? all.toByteArray() : null;
  }

  /** The level can be set by a subclass alone. */
  private static final class Leveled extends GZIPOutputStream {
    Leveled(OutputStream out, int level) throws IOException {
      super(out);
      def.setLevel(level);
    }
  }
}
