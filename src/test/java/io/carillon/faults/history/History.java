package io.carillon.faults.history;

import jakarta.json.JsonException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a driver saw, in memory and, entry by entry, as lines of JSON in a file; gzip if
 * its name ends in {@code .gz}. Any thread may add. A file that cannot be written any more (the
 * disk may be full on purpose) is told by {@link #close}, never to those who add.
 */
public final class History implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final ReentrantLock lock = new ReentrantLock();
  private final List<Entry> entries = new ArrayList<>();
  private final Writer file;
  private @Nullable IOException broken;
  private boolean closed;

  private History(Writer file) {
    this.file = file;
  }

  /**
   * Begins a history in a new file, or over an old one.
   *
   * @throws UncheckedIOException if the file cannot be made
   */
  public static History to(Path path) {
    try {
      OutputStream out = Files.newOutputStream(path);
      if (zipped(path)) {
        out = new FastGzip(out);
      }
      return new History(
          new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), BUFFER));
    } catch (IOException cannotWrite) {
      throw new UncheckedIOException(cannotWrite);
    }
  }

  /** The clock of every {@link Entry#at}. */
  public long now() {
    return System.nanoTime();
  }

  /**
   * Appends an entry. Entries of one thread keep their order. After {@link #close} it is ignored.
   */
  public void add(Entry entry) {
    String line = Codec.write(entry);
    lock.lock();
    try {
      if (closed) {
        return;
      }
      entries.add(entry);
      if (broken == null) {
        write(line);
      }
    } finally {
      lock.unlock();
    }
  }

  private void write(String line) {
    try {
      file.append(line).append('\n');
    } catch (IOException full) {
      broken = full;
    }
  }

  /** What was added up to now, in the order of adding; a copy. */
  public List<Entry> entries() {
    lock.lock();
    try {
      return List.copyOf(entries);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends the file; what was added stays readable.
   *
   * @throws UncheckedIOException if the file does not hold everything
   */
  @Override
  public void close() {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        end();
      }
    } finally {
      lock.unlock();
    }
  }

  private void end() {
    try {
      file.close();
    } catch (IOException full) {
      broken = broken == null ? full : broken;
    }
    if (broken != null) {
      throw new UncheckedIOException(broken);
    }
  }

  /**
   * Reads a file of a history. One whose end is missing, because the driver died, is read as far as
   * it goes.
   *
   * @throws UncheckedIOException if it cannot be read
   */
  public static List<Entry> read(Path path) {
    List<Entry> entries = new ArrayList<>();
    try (InputStream in = Files.newInputStream(path);
        InputStream plain = zipped(path) ? new GZIPInputStream(in, BUFFER) : in;
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8), BUFFER)) {
      String line = nextOf(lines);
      while (line != null) {
        String next = nextOf(lines);
        Entry entry = entryOf(line, next == null);
        if (entry != null) {
          entries.add(entry);
        }
        line = next;
      }
    } catch (IOException cannotRead) {
      throw new UncheckedIOException(cannotRead);
    }
    return entries;
  }

  private static @Nullable String nextOf(BufferedReader lines) throws IOException {
    try {
      return lines.readLine();
    } catch (EOFException cutOff) {
      return null;
    }
  }

  private static @Nullable Entry entryOf(String line, boolean last) {
    try {
      return Codec.read(line);
    } catch (JsonException | IllegalArgumentException notAnEntry) {
      if (last) {
        return null;
      }
      throw new IllegalStateException("not an entry: " + line, notAnEntry);
    }
  }

  private static boolean zipped(Path path) {
    return path.toString().endsWith(".gz");
  }

  /** Compresses with the least effort: the driver shares its machine with what it drives. */
  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
      super(out, BUFFER);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
