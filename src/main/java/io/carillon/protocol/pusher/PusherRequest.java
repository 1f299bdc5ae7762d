package io.carillon.protocol.pusher;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.json.JsonFields;
import io.carillon.core.json.JsonText;
import io.carillon.core.spi.GuestApp;
import io.carillon.core.uri.UriDecoder;
import io.carillon.protocol.HttpAnswer;
import io.carillon.protocol.HttpCall;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Call of the HTTP API.
 *
 * @param query decoded parameters by their names, which are in lower case and sorted
 */
record PusherRequest(HttpCall call, Map<String, String> query) {
  private static final String SIGNATURE = "auth_signature";

  /** Maximum nesting of a body: that of data, an event around it, and a batch around that. */
  private static final int DEPTH = JsonText.MAX_DEPTH + 3;

  /**
   * Reads a call; null: the query names something twice.
   *
   * @throws RefusedException with {@code bad_frame} if the query is not encoded as it should be
   */
  static @Nullable PusherRequest of(HttpCall call) {
    TreeMap<String, String> query = new TreeMap<>();
    for (Map.Entry<String, List<String>> sent : UriDecoder.query(call.query()).entrySet()) {
      String name = sent.getKey().toLowerCase(Locale.ROOT);
      List<String> values = sent.getValue();
      if (!name.isEmpty() && (values.size() > 1 || query.put(name, values.getFirst()) != null)) {
        return null;
      }
    }
    return new PusherRequest(call, query);
  }

  @Nullable String parameter(String name) {
    return query.get(name);
  }

  /** Requested attributes of channels, separated by commas; null: none. */
  @Nullable String info() {
    return query.get("info");
  }

  /**
   * Parses the body.
   *
   * @throws RefusedException with {@code bad_frame} if it is not a JSON object in UTF-8
   */
  JsonFields fields() {
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(call.body())).toString();
      return JsonFields.parse(text, DEPTH, ErrorCode.BAD_FRAME);
    } catch (CharacterCodingException notUtf8) {
      throw new RefusedException(ErrorCode.BAD_FRAME);
    }
  }

  /** String to sign: method, path, and the decoded query without the signature, sorted by name. */
  private String signed(String path) {
    return call.method()
        + '\n'
        + path
        + '\n'
        + query.entrySet().stream()
            .filter(parameter -> !parameter.getKey().equals(SIGNATURE))
            .map(parameter -> parameter.getKey() + '=' + parameter.getValue())
            .collect(Collectors.joining("&"));
  }

  /** Signature check of calls. */
  static final class Check {
    private static final Duration MOST_AGE = Duration.ofMinutes(10);

    private final InstantSource clock;

    Check(InstantSource clock) {
      this.clock = clock;
    }

    /** Checks signature, age and body of a call; null: all are good, else the answer. */
    @Nullable HttpAnswer refusal(GuestApp app, PusherRequest request) {
      String key = request.parameter("auth_key");
      String given = request.parameter(SIGNATURE);
      HttpCall call = request.call();
      if (key == null || given == null) {
        return HttpAnswer.error(401, "The call is not signed.");
      }
      String path = call.sent();
      boolean known = PusherSignature.same(app.key(), key);
      boolean asSent = PusherSignature.isGood(app, request.signed(path), given);
      // Some libraries sign the path before it is encoded.
      String meant = request.signed(UriDecoder.path(path));
      boolean asMeant = PusherSignature.isGood(app, meant, given);
      boolean good = known && (asSent || asMeant);
      if (!good || !"1.0".equals(request.parameter("auth_version"))) {
        return HttpAnswer.error(401, "The signature is not valid.");
      }
      if (!fresh(request.parameter("auth_timestamp"))) {
        return HttpAnswer.error(401, "The signature is more than 600 seconds old.");
      }
      String md5 = request.parameter("body_md5");
      boolean whole =
          md5 == null
              ? call.body().length == 0
              : PusherSignature.same(md5(call.body()), md5.toLowerCase(Locale.ROOT));
      return whole ? null : HttpAnswer.error(401, "The body is not the one that was signed.");
    }

    private boolean fresh(@Nullable String timestamp) {
      try {
        Instant signed = Instant.ofEpochSecond(Long.parseLong(timestamp == null ? "" : timestamp));
        return Duration.between(signed, clock.instant()).abs().compareTo(MOST_AGE) <= 0;
      } catch (NumberFormatException | DateTimeException | ArithmeticException noTime) {
        return false;
      }
    }

    private static String md5(byte[] body) {
      try {
        return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(body));
      } catch (NoSuchAlgorithmException missing) {
        throw new IllegalStateException("MD5 cannot be had", missing);
      }
    }
  }
}
