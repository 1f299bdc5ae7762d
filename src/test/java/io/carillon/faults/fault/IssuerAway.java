package io.carillon.faults.fault;

import com.nimbusds.jose.JOSEException;
import io.carillon.faults.client.RunContext;
import io.carillon.faults.stage.Node;
import io.carillon.kit.client.Calls;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * F29: the issuer of tokens is away while an instance dies and starts again. Tokens are good all
 * the time, so no client may be told that its own is not: the new instance does not know, says 503,
 * and is not ready; the others know the keys and go on.
 */
final class IssuerAway implements Fault {
  private static final Duration BACK_WITHIN = Duration.ofSeconds(30);
  private static final Duration ALIVE_WITHIN = Duration.ofMinutes(2);

  private @Nullable BreakableIssuer issuer;

  @Override
  public String id() {
    return "F29";
  }

  @Override
  public String what() {
    return "the issuer of tokens is away while an instance dies";
  }

  @Override
  public boolean alone() {
    return true;
  }

  @Override
  public Map<String, String> settings() {
    return issuer().settings();
  }

  private BreakableIssuer issuer() {
    try {
      if (issuer == null) {
        issuer = new BreakableIssuer();
      }
      return issuer;
    } catch (IOException | JOSEException e) {
      throw new IllegalStateException("no issuer", e);
    }
  }

  @Override
  public void run(Scene scene, Duration length) throws Exception {
    try {
      breakAndHeal(scene, length, issuer()::away);
    } finally {
      issuer().away();
    }
  }

  /** What happens to the issuer. */
  @FunctionalInterface
  interface Trouble {
    void begin() throws Exception;
  }

  void breakAndHeal(Scene scene, Duration length, Trouble trouble) throws Exception {
    RunContext context = scene.ground();
    String room = scene.rooms().getFirst() + ":issued";
    String token = issuer().token("f29");
    Node dying = scene.stage().nodes().getFirst();
    Node living = scene.stage().nodes().getLast();
    Calls there = new Calls(context.http(), living.server().uri("/"), token);
    there.publish(room, "n", "1");
    scene.on(this, "node " + dying.index());
    trouble.begin();
    dying.kill();
    dying.start();
    awaitAlive(context, dying);
    long end = System.nanoTime() + length.toNanos();
    while (System.nanoTime() < end) {
      String here = publish(context, dying.server().uri("/"), token, room);
      if (here.equals("401") || here.equals("403")) {
        scene.fail("a good token was answered " + here + " while its issuer was away");
        break;
      }
      if (!here.equals("201") && ready(context, dying)) {
        scene.fail("ready, but a good token was answered " + here);
        break;
      }
      there.publish(room, "n", "2");
      Scene.pause(Duration.ofMillis(500));
    }
    issuer().back();
    dying.awaitReady();
    scene.off(this, "node " + dying.index());
    long begun = System.nanoTime();
    String answer = "";
    while (!answer.equals("201")) {
      if (System.nanoTime() - begun > BACK_WITHIN.toNanos()) {
        scene.fail("the issuer is back, and a good token is answered " + answer);
        return;
      }
      Scene.pause(Duration.ofMillis(200));
      answer = publish(context, dying.server().uri("/"), token, room);
    }
  }

  /** It answers, whatever it is ready for. */
  private static void awaitAlive(RunContext context, Node node) throws InterruptedException {
    long begun = System.nanoTime();
    while (!answers(context, node, "/health/live")) {
      if (System.nanoTime() - begun > ALIVE_WITHIN.toNanos()) {
        throw new IllegalStateException("node " + node.index() + " does not start");
      }
      Scene.pause(Duration.ofMillis(200));
    }
  }

  private static boolean ready(RunContext context, Node node) {
    return answers(context, node, "/health/ready");
  }

  private static boolean answers(RunContext context, Node node, String path) {
    try {
      return new Calls(context.http(), node.server().uri("/"), "")
              .send("GET", path, "")
              .statusCode()
          == 200;
    } catch (AssertionError notYet) {
      return false;
    }
  }

  /** The status, or "none" while nobody answers. */
  private static String publish(RunContext context, URI server, String token, String room) {
    try {
      return Integer.toString(
          new Calls(context.http(), server, token)
              .send("POST", "/api/rooms/" + room + "/events", "{\"name\":\"n\",\"data\":3}")
              .statusCode());
    } catch (AssertionError none) {
      return "none";
    }
  }

  /** The same with an issuer that has other keys: an instance that then says 401 is caught. */
  static final class WithOtherKeys implements Fault {
    private final IssuerAway fault = new IssuerAway();

    @Override
    public String id() {
      return "P29";
    }

    @Override
    public String what() {
      return "planted: good tokens are answered 401";
    }

    @Override
    public boolean alone() {
      return true;
    }

    @Override
    public Map<String, String> settings() {
      return fault.settings();
    }

    @Override
    public java.util.Optional<String> plantedFailure() {
      return java.util.Optional.of("401");
    }

    @Override
    public void run(Scene scene, Duration length) throws Exception {
      try {
        fault.breakAndHeal(scene, length, fault.issuer()::backWithAnotherKey);
      } finally {
        fault.issuer().away();
      }
    }
  }
}
