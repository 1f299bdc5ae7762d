package io.carillon.bootstrap;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The HTTP client that calls webhooks, made when it is first asked for: it costs a thread. */
final class HookClient implements Supplier<HttpClient> {
  private static final Duration CONNECT = Duration.ofSeconds(5);

  private final Executor executor;
  private @Nullable HttpClient made;

  HookClient(Executor executor) {
    this.executor = executor;
  }

  @Override
  public synchronized HttpClient get() {
    HttpClient known = made;
    if (known == null) {
      known =
          HttpClient.newBuilder()
              .executor(executor)
              .connectTimeout(CONNECT)
              .followRedirects(HttpClient.Redirect.NEVER)
              .build();
      made = known;
    }
    return known;
  }
}
