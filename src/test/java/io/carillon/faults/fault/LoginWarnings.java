package io.carillon.faults.fault;

import io.carillon.faults.stage.Node;
import io.carillon.kit.client.Calls;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;

/**
 * F26: the database says something at every log-in (a collation version that does not match, a
 * log-in trigger's notice), and all connections are made anew. Every publish after that has to be
 * answered at once.
 */
final class LoginWarnings implements Fault {
  private static final int PUBLISHES = 10;

  @Override
  public String id() {
    return "F26";
  }

  @Override
  public String what() {
    return "a warning and a notice at every connect";
  }

  @Override
  public boolean alone() {
    return true;
  }

  @Override
  public void run(Scene scene, Duration length) throws Exception {
    scene
        .stage()
        .sql(
            """
            update pg_database set datcollversion = '0' where datname = current_database();
            create function public.welcome() returns event_trigger language plpgsql as $$
            begin
              raise notice 'welcome';
            end $$;
            create event trigger welcome on login execute function public.welcome();
            alter event trigger welcome enable always
            """);
    reconnect(scene, this);
    Scene.pause(length.dividedBy(2));
    publish(scene);
    scene.stage().sql("drop event trigger welcome");
    scene
        .stage()
        .sql("update pg_database set datcollversion = null where datname = current_database()");
    Scene.pause(length.dividedBy(2));
  }

  static void reconnect(Scene scene, Fault fault) throws Exception {
    scene.on(fault, "connections");
    scene
        .stage()
        .sql(
            "select pg_terminate_backend(pid) from pg_stat_activity"
                + " where application_name like 'carillon%'");
    scene.pause(3_000, 4_000);
    scene.off(fault, "connections");
  }

  /** One publish after another at each instance; none may be left open. */
  static void publish(Scene scene) {
    String room = scene.rooms().getFirst() + ":asked";
    for (Node node : scene.stage().nodes()) {
      Calls calls = new Calls(scene.ground().http(), node.address(), scene.ground().token("f26"));
      for (int i = 0; i < PUBLISHES; i++) {
        HttpResponse<String> answer =
            calls.send(
                "POST",
                "/api/rooms/" + room + "/events",
                "{\"name\":\"n\",\"data\":1}",
                "Idempotency-Key",
                UUID.randomUUID().toString());
        if (answer.statusCode() != 201) {
          scene.fail("a publish was answered " + answer.statusCode() + " " + answer.body());
          return;
        }
      }
    }
  }
}
