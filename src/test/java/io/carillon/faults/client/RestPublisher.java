package io.carillon.faults.client;

import io.carillon.kit.client.Texts;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/** Publishes one event a call, over HTTP. */
public final class RestPublisher extends Publisher {
  /** See {@link Publisher}. */
  public RestPublisher(
      RunContext context,
      String name,
      List<String> rooms,
      AtomicInteger ops,
      int interval,
      RandomGenerator random) {
    super(context, name, "rest", rooms, ops, interval, random);
  }

  @Override
  List<Outcome> attempt(List<Item> items) throws InterruptedException {
    Item item = items.getFirst();
    HttpRequest request =
        HttpRequest.newBuilder(anyInstance().resolve("/api/rooms/" + item.room() + "/events"))
            .timeout(Duration.ofSeconds(15))
            .header("Authorization", "Bearer " + ground().token(name()))
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", item.key())
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"name\":\"fault\",\"data\":" + item.data() + "}"))
            .build();
    try {
      HttpResponse<String> answer =
          ground().http().send(request, HttpResponse.BodyHandlers.ofString());
      return List.of(outcome(answer.statusCode(), Texts.object(answer.body())));
    } catch (ConnectException | HttpConnectTimeoutException e) {
      return List.of(new Outcome.Later(e.toString()));
    } catch (IOException | RuntimeException e) {
      return List.of(new Outcome.Unknown(e.toString()));
    }
  }

  /** Reads the answer of one publish, be it a call's or an entry of a batch. */
  static Outcome outcome(int status, JsonObject body) {
    if (status == 200 || status == 201) {
      return new Outcome.Acked(
          body.getString("epoch"),
          body.getJsonNumber("seq").longValueExact(),
          body.getString("id"),
          body.getBoolean("duplicate"));
    }
    String code = body.getString("code", "status " + status);
    if (code.equals("unknown")) {
      return new Outcome.Unknown(code);
    }
    return status == 503 || status == 429 ? new Outcome.Later(code) : new Outcome.Refused(code);
  }
}
