package io.carillon.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A hot room whose head has many versions, all of them kept by an old snapshot, and a count of the
 * blocks of the heads' table and its index that are touched meanwhile.
 */
final class OldVersions {
  /** Fill about 50 pages, all of which a look by the key alone has to visit. */
  static final int SOME = 4000;

  /** Publishes something, or looks; its sessions are closed in the end, and tell what they did. */
  interface Load {
    void run() throws Exception;
  }

  private OldVersions() {}

  /** How many blocks the load touches while there are so many versions of the only hot room. */
  static long touched(LogDatabase database, String room, int versions, Load load) throws Exception {
    try (Connection old = database.superuser().getConnection();
        Statement snapshot = old.createStatement()) {
      old.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      old.setAutoCommit(false);
      snapshot.execute("SELECT");
      // Its blocks would be counted too.
      database.run("ALTER TABLE carillon.room_head SET (autovacuum_enabled = off)");
      write(database, room, versions);
      // As autovacuum does: a planner that knows of one row must not walk over all its versions.
      database.run("VACUUM ANALYZE carillon.room_head");
      long before = touched(database);
      load.run();
      return touched(database) - before;
    }
  }

  private static void write(LogDatabase database, String room, int versions) throws SQLException {
    database.run(
        """
        DO $$
        DECLARE
          v_room bigint := (SELECT room_id FROM carillon.room WHERE name = '%s');
          v_place tid := (SELECT ctid FROM carillon.room_head WHERE room_id = v_room);
        BEGIN
          FOR i IN 1..%d LOOP
            UPDATE carillon.room_head SET floor_seq = 0 WHERE ctid = v_place
            RETURNING ctid INTO STRICT v_place;
            COMMIT;
          END LOOP;
        END $$\
        """
            .formatted(room, versions));
  }

  private static long touched(LogDatabase database) throws SQLException {
    return database.number(
        "SELECT heap_blks_hit + heap_blks_read + idx_blks_hit + idx_blks_read"
            + " FROM (SELECT pg_sleep(0.2), pg_stat_clear_snapshot()) c, pg_statio_user_tables"
            + " WHERE relid = 'carillon.room_head'::regclass");
  }
}
