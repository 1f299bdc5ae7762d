package io.carillon.dev;

import io.carillon.kit.LibertyServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Kills a server when a visitor of the first page asks for it, and starts it again. It is asked in
 * a room, {@link #ROOM}, and tells there which servers it has, as a client like any other: the
 * product knows nothing of it. The only server there is is never killed.
 *
 * <p>Events: {@code runner.kill} with {@code instance}, an address, asks; {@code runner.ready},
 * {@code runner.killed} and {@code runner.back} tell, with {@code instances}, all addresses, and
 * {@code instance}.
 */
public final class KillSwitch implements AutoCloseable {
  /** The room in which it is asked. */
  public static final String ROOM = "demo:runner";

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration START = Duration.ofMinutes(2);
  private static final Pattern TOKEN = Pattern.compile("\"token\":\"([^\"]+)\"");
  private static final Pattern ASKED =
      Pattern.compile("\"name\":\"runner\\.kill\".*\"instance\":\"([^\"]+)\"");

  private final List<LibertyServer> servers;
  private final Starter starter;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final Thread thread;
  private volatile boolean closed;

  /** Starts a server that was killed. */
  @FunctionalInterface
  public interface Starter {
    /** Starts it, unless everything ends. */
    void start(LibertyServer server) throws IOException;
  }

  /**
   * Listens from now on, in a thread of its own.
   *
   * @param servers all of them, running
   * @param starter called in that thread after a server was killed
   */
  public KillSwitch(List<LibertyServer> servers, Starter starter) {
    this.servers = List.copyOf(servers);
    this.starter = starter;
    this.thread = Thread.ofPlatform().daemon().name("kill-switch").start(this::run);
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    http.shutdownNow();
  }

  private void run() {
    try {
      for (boolean told = false; !closed; ) {
        for (LibertyServer server : servers) {
          try {
            String token = token(server);
            if (!told) {
              tell(server, token, "runner.ready", servers.getFirst());
              told = true;
            }
            follow(server, token);
          } catch (IOException | TimeoutException away) {
            // The next one serves as well.
          }
        }
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  /** Until the stream ends, or a server was killed and is back. */
  private void follow(LibertyServer server, String token)
      throws IOException, InterruptedException, TimeoutException {
    HttpRequest request =
        HttpRequest.newBuilder(events(server))
            .header("Authorization", "Bearer " + token)
            .header("Accept", "text/event-stream")
            .build();
    HttpResponse<Stream<String>> answer = http.send(request, HttpResponse.BodyHandlers.ofLines());
    Optional<LibertyServer> victim;
    try (Stream<String> lines = answer.body()) {
      victim = lines.flatMap(line -> asked(line).stream()).findFirst();
    } catch (UncheckedIOException broken) {
      throw new IOException(broken);
    }
    if (victim.isPresent() && !closed) {
      again(victim.get(), token);
    }
  }

  private Optional<LibertyServer> asked(String line) {
    Matcher asked = ASKED.matcher(line);
    if (servers.size() < 2 || !asked.find()) {
      return Optional.empty();
    }
    return servers.stream()
        .filter(server -> server.uri("/").toString().equals(asked.group(1)))
        .filter(LibertyServer::isAlive)
        .findFirst();
  }

  private void again(LibertyServer victim, String token)
      throws IOException, InterruptedException, TimeoutException {
    LibertyServer other =
        servers.stream().filter(server -> server != victim).findFirst().orElseThrow();
    victim.kill();
    tell(other, token, "runner.killed", victim);
    starter.start(victim);
    victim.awaitReady(START);
    tell(other, token, "runner.back", victim);
  }

  private void tell(LibertyServer at, String token, String name, LibertyServer whom)
      throws IOException, InterruptedException {
    String all =
        servers.stream()
            .map(server -> '"' + server.uri("/").toString() + '"')
            .collect(Collectors.joining(","));
    post(
        events(at),
        token,
        "{\"name\":\"%s\",\"data\":{\"instance\":\"%s\",\"instances\":[%s]}}"
            .formatted(name, whom.uri("/"), all));
  }

  private String token(LibertyServer server) throws IOException, InterruptedException {
    String answer = post(server.uri("/api/demo/token"), "", "{\"user\":\"runner\"}");
    Matcher token = TOKEN.matcher(answer);
    if (!token.find()) {
      throw new IOException("no token: " + answer);
    }
    return token.group(1);
  }

  private String post(URI address, String token, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
  }

  private static URI events(LibertyServer server) {
    return server.uri("/api/rooms/" + ROOM + "/events");
  }
}
