package io.carillon.transport.poll;

import io.carillon.core.spi.HopOutcome;
import io.carillon.core.spi.Probe;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Client by which one instance hands requests to another. Every call ends with an answer or an
 * outcome, within a time; no thread waits for it. Thread-safe.
 */
public final class HopClient {
  /** Maximum time of a call: a GET may be held for {@link PollCarrier#WAIT}. */
  public static final Duration PATIENCE = PollCarrier.WAIT.plusSeconds(15);

  /** Maximum size of an answer, several times what waits for one peer. */
  private static final int MOST_BYTES = 8 * 1024 * 1024;

  private static final System.Logger LOG = System.getLogger(HopClient.class.getName());

  private final Function<String, @Nullable URI> neighbours;
  private final HopSeal seal;
  private final Supplier<HttpClient> client;
  private final Semaphore permits;
  private final Duration patience;
  private final Probe probe;

  /**
   * Creates a client.
   *
   * @param neighbours address of an instance by its id, or null; may block
   * @param client asked for at the first call
   * @param most maximum number of calls under way
   * @param patience maximum time of a call
   */
  public HopClient(
      Function<String, @Nullable URI> neighbours,
      HopSeal seal,
      Supplier<HttpClient> client,
      int most,
      Duration patience,
      Probe probe) {
    this.neighbours = neighbours;
    this.seal = seal;
    this.client = client;
    this.permits = new Semaphore(most);
    this.patience = patience;
    this.probe = probe;
  }

  /**
   * Hands a request to another instance; may block to find it, not for its answer.
   *
   * @return never fails; to cancel it breaks the call off
   * @throws IllegalArgumentException if the target or a header cannot be sent
   */
  CompletableFuture<HopAnswer> send(HopCall call) {
    if (!permits.tryAcquire()) {
      return ended(HopOutcome.FULL);
    }
    CompletableFuture<HttpResponse<byte[]>> exchange;
    String sealed;
    try {
      URI at = neighbours.apply(call.hop().to());
      if (at == null) {
        permits.release();
        return ended(HopOutcome.GONE);
      }
      sealed = seal.seal(call.hop(), HopCall.sealed(call.method(), call.target()));
      exchange =
          client.get().sendAsync(request(call, at, sealed), r -> new BoundedBody(MOST_BYTES));
    } catch (RuntimeException | Error failure) {
      permits.release();
      throw failure;
    }
    CompletableFuture<HopAnswer> answer = new CompletableFuture<>();
    var unused =
        exchange.whenComplete(
            (response, failure) -> {
              permits.release();
              answer.complete(answer(sealed, response, failure));
            });
    var unusedToo =
        answer
            .completeOnTimeout(
                HopAnswer.none(HopOutcome.LATE), patience.toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete(
                (got, cancelled) -> {
                  exchange.cancel(true);
                  if (got != null) {
                    probe.forwarded(got.outcome());
                  }
                });
    return answer;
  }

  private CompletableFuture<HopAnswer> ended(HopOutcome outcome) {
    probe.forwarded(outcome);
    return CompletableFuture.completedFuture(HopAnswer.none(outcome));
  }

  private static HttpRequest request(HopCall call, URI at, String sealed) {
    String base = at.toString();
    int end = base.endsWith("/") ? base.length() - 1 : base.length();
    byte[] body = call.body();
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(base.substring(0, end) + call.target()))
            .method(
                call.method(),
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body));
    call.headers().forEach((name, values) -> values.forEach(v -> builder.header(name, v)));
    return builder.setHeader(HopSeal.HEADER, sealed).build();
  }

  /** An answer counts if it is an instance's: at an address of before anybody may listen now. */
  private HopAnswer answer(
      String sealed, @Nullable HttpResponse<byte[]> response, @Nullable Throwable failure) {
    if (response == null) {
      LOG.log(Level.DEBUG, "a request that was handed on broke", failure);
      return HopAnswer.none(HopOutcome.GONE);
    }
    String receipt = response.headers().firstValue(HopSeal.HEADER).orElse("");
    return seal.isReceipt(receipt, sealed)
        ? new HopAnswer(
            HopOutcome.ANSWERED, response.statusCode(), response.headers(), response.body())
        : HopAnswer.none(HopOutcome.GONE);
  }
}
