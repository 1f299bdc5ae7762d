package io.carillon.faults.fault;

import java.time.Duration;

/**
 * F11: writing to the events' tables fails as on a full disk. A trigger of the database raises what
 * PostgreSQL itself raises then (SQLSTATE 53100), so reads and all other tables go on.
 */
public final class FullDisk implements Fault {
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
    scene
        .stage()
        .sql(
            """
            create or replace function public.disk_full() returns trigger language plpgsql as $$
            begin
              raise exception 'could not extend file: No space left on device'
                using errcode = 'disk_full';
            end $$
            """);
    long end = System.nanoTime() + length.toNanos();
    do {
      scene.on(this, "events");
      scene
          .stage()
          .sql(
              "create trigger disk_full before insert on carillon.event"
                  + " for each row execute function public.disk_full()");
      try {
        scene.pause(5_000, 10_000);
      } finally {
        scene.stage().sql("drop trigger disk_full on carillon.event");
      }
      scene.off(this, "events");
      scene.pause(4_000, 8_000);
    } while (System.nanoTime() < end);
  }
}
