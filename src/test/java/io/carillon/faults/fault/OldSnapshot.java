package io.carillon.faults.fault;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;

/** F13: a neighbour in the database holds an old snapshot in an idle transaction. */
public final class OldSnapshot implements Fault {
  @Override
  public String id() {
    return "F13";
  }

  @Override
  public String what() {
    return "an idle transaction of a neighbour holds an old snapshot";
  }

  @Override
  public void run(Scene scene, Duration length) throws Exception {
    try (Connection neighbour = scene.stage().superuser().getConnection();
        Statement statement = neighbour.createStatement()) {
      neighbour.setAutoCommit(false);
      statement.execute("set transaction isolation level repeatable read");
      statement.execute("create temporary table t (i int)");
      statement.execute("select count(*) from carillon.room_head");
      scene.on(this, "snapshot");
      Scene.pause(length);
      neighbour.rollback();
      scene.off(this, "snapshot");
    }
  }
}
