package io.carillon.faults.client;

import io.carillon.faults.history.History;
import io.carillon.kit.client.Calls;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/** What all clients of one run share: where the instances are, who they are and the history. */
public final class RunContext {
  private final List<URI> addresses;
  private final History history;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .build();
  private volatile boolean forgetful;
  private final Map<String, String> tokens = new ConcurrentHashMap<>();

  /**
   * A ground of these instances.
   *
   * @param addresses where clients reach each, in their order
   */
  public RunContext(List<URI> addresses, History history) {
    this.addresses = List.copyOf(addresses);
    this.history = history;
  }

  /** Where clients reach the instances. */
  public List<URI> addresses() {
    return addresses;
  }

  /** Where everything is written down. */
  public History history() {
    return history;
  }

  /** Connections for plain calls, HTTP/1.1. */
  public HttpClient http() {
    return http;
  }

  /**
   * Plants a bug in the readers over WebSocket: at a reconnect they have forgotten the last event,
   * so they get it twice.
   */
  public void plantForgetfulness() {
    forgetful = true;
  }

  /** Whether readers forget. */
  boolean forgetful() {
    return forgetful;
  }

  /** A token of this user, fetched at the first call and kept: it lasts an hour. */
  public String token(String user) {
    return tokens.computeIfAbsent(user, name -> Calls.demoToken(http, addresses.getFirst(), name));
  }
}
