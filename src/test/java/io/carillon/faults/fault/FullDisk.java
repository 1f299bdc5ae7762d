package io.carillon.faults.fault;

import io.carillon.faults.stage.Stage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;

/**
 * F11: the disk of the events' tables is full. With the system property {@code
 * carillon.faults.small-disk}, a folder on a small file system that everybody may write to (a
 * {@code tmpfs}), the tables are moved there and the file system is really filled; without it a
 * trigger raises what PostgreSQL raises then (SQLSTATE 53100). Reads and all other tables go on.
 */
public final class FullDisk implements Fault {
  private static final String SMALL = System.getProperty("carillon.faults.small-disk", "");

  @Override
  public String id() {
    return "F11";
  }

  @Override
  public String what() {
    return "disk full on the events' table (SQLSTATE 53100)";
  }

  @Override
  public void run(Scene scene, Duration length) throws Exception {
    Disk disk = SMALL.isEmpty() ? new Trigger(scene.stage()) : new SmallDisk(scene, Path.of(SMALL));
    long end = System.nanoTime() + length.toNanos();
    try (disk) {
      do {
        scene.on(this, "events");
        disk.fill();
        try {
          scene.pause(5_000, 10_000);
        } finally {
          disk.free();
        }
        scene.off(this, "events");
        scene.pause(4_000, 8_000);
      } while (System.nanoTime() < end);
    }
  }

  /** A disk that can be full. */
  private interface Disk extends AutoCloseable {
    void fill() throws Exception;

    void free() throws Exception;

    @Override
    void close() throws IOException, SQLException;
  }

  private record Trigger(Stage stage) implements Disk {
    @Override
    public void fill() throws SQLException {
      stage.sql(
          """
          create or replace function public.disk_full() returns trigger language plpgsql as $$
          begin
            raise exception 'could not extend file: No space left on device'
              using errcode = 'disk_full';
          end $$;
          create trigger disk_full before insert on carillon.event
            for each row execute function public.disk_full()
          """);
    }

    @Override
    public void free() throws SQLException {
      stage.sql("drop trigger disk_full on carillon.event");
    }

    @Override
    public void close() {}
  }

  /** Every partition lives on the small file system, and a file of ours fills what is left. */
  private static final class SmallDisk implements Disk {
    private static final String MOVE =
        """
        do $$
        declare part regclass;
        begin
          for part in select inhrelid::regclass from pg_inherits
              where inhparent = 'carillon.event'::regclass loop
            execute format('alter table %s set tablespace %I', part, '@');
          end loop;
        end $$
        """;

    private final Scene scene;
    private final Path filler;

    SmallDisk(Scene scene, Path folder) throws IOException, SQLException {
      this.scene = scene;
      this.filler = folder.resolve("filler");
      Path space = Files.createDirectories(folder.resolve("space"));
      scene.stage().sql("create tablespace small location '" + space + "'");
      scene.stage().sql(MOVE.replace("@", "small"));
    }

    @Override
    public void fill() throws IOException {
      try (OutputStream out = Files.newOutputStream(filler)) {
        byte[] block = new byte[8192];
        for (long left = 1L << 30; left > 0; left -= block.length) {
          out.write(block);
        }
        throw new IOException("more than 1 GiB is free at " + filler + ": that is no small disk");
      } catch (IOException full) {
        if (!String.valueOf(full.getMessage()).contains("No space left")) {
          throw full;
        }
        scene.note("the file system is full", Long.toString(Files.size(filler)) + " bytes filled");
      }
    }

    @Override
    public void free() throws IOException {
      Files.deleteIfExists(filler);
    }

    @Override
    public void close() throws IOException, SQLException {
      free();
      scene.stage().sql(MOVE.replace("@", "pg_default"));
      scene.stage().sql("drop tablespace small");
    }
  }
}
