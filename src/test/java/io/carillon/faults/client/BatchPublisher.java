package io.carillon.faults.client;

import io.carillon.kit.client.Texts;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Publishes up to five events a call, over HTTP. */
public final class BatchPublisher extends Publisher {
  /** See {@link Publisher}. */
  public BatchPublisher(
      RunContext context,
      String name,
      List<String> rooms,
      AtomicInteger ops,
      int interval,
      RandomGenerator random) {
    super(context, name, "batch", rooms, ops, interval, random);
  }

  @Override
  int most() {
    return 5;
  }

  @Override
  List<Outcome> attempt(List<Item> items) throws InterruptedException {
    String body =
        items.stream()
            .map(
                item ->
                    "{\"room\":\"%s\",\"name\":\"fault\",\"key\":\"%s\",\"data\":%s}"
                        .formatted(item.room(), item.key(), item.data()))
            .collect(Collectors.joining(",", "[", "]"));
    HttpRequest request =
        HttpRequest.newBuilder(anyInstance().resolve("/api/events"))
            .timeout(Duration.ofSeconds(15))
            .header("Authorization", "Bearer " + ground().token(name()))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> answer =
          ground().http().send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        return all(items, RestPublisher.outcome(answer.statusCode(), Texts.object(answer.body())));
      }
      JsonArray entries = Texts.value(answer.body()).asJsonArray();
      return entries.stream()
          .map(
              entry -> {
                JsonObject one = entry.asJsonObject();
                return RestPublisher.outcome(one.getInt("status"), one);
              })
          .toList();
    } catch (ConnectException | HttpConnectTimeoutException e) {
      return all(items, new Outcome.Later(e.toString()));
    } catch (IOException | RuntimeException e) {
      return all(items, new Outcome.Unknown(e.toString()));
    }
  }

  private static List<Outcome> all(List<Item> items, Outcome outcome) {
    return Collections.nCopies(items.size(), outcome);
  }
}
