package io.carillon.transport.poll;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Seal of the requests that instances hand to each other: HMAC-SHA256 by a key that is derived from
 * the cluster's secret, over the time, the {@link HopWord} and the request's method and target. A
 * sealed hop is good for half a minute, for that request alone. It hides nothing, for the request
 * beside it is as readable. Thread-safe.
 */
public final class HopSeal {
  /** Header of a request: the sealed hop; of its answer: the receipt. */
  static final String HEADER = "Carillon-Hop";

  /** How far the time of a seal may lie from now, either way. */
  static final Duration NEAR = Duration.ofSeconds(30);

  private static final String PURPOSE = "carillon hop 1";
  private static final String RECEIPT = "receipt\n";
  private static final String ALGORITHM = "HmacSHA256";

  /** Time, instance, address, scheme, host. */
  private static final int FIELDS = 5;

  private final Supplier<byte[]> secret;
  private final InstantSource clock;
  private volatile @Nullable SecretKeySpec key;

  /**
   * Makes a seal.
   *
   * @param secret the cluster's secret; asked for once, at the first use, and may block then
   * @param clock database time, as near as the instance knows it
   */
  public HopSeal(Supplier<byte[]> secret, InstantSource clock) {
    this.secret = secret;
    this.clock = clock;
  }

  /**
   * Seals a hop.
   *
   * @param request method and target of the request, as the receiver sees them
   */
  String seal(HopWord hop, String request) {
    String fields =
        String.join(
            "\n",
            Long.toString(clock.millis()),
            hop.to(),
            hop.address(),
            hop.secure() ? "https" : "http",
            hop.host());
    String text = text(fields.getBytes(StandardCharsets.UTF_8));
    return text + '.' + text(mac(text + '\n' + request));
  }

  /** The hop that was sealed with this request; null: forged, of another request, or too old. */
  @Nullable HopWord open(String sealed, String request) {
    int dot = sealed.indexOf('.');
    if (dot < 0) {
      return null;
    }
    String text = sealed.substring(0, dot);
    if (!same(sealed.substring(dot + 1), text(mac(text + '\n' + request)))) {
      return null;
    }
    String[] fields =
        new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split("\n", FIELDS);
    long apart = Math.abs(clock.millis() - Long.parseLong(fields[0]));
    return apart > NEAR.toMillis()
        ? null
        : new HopWord(fields[1], fields[2], fields[3].equals("https"), fields[4]);
  }

  /** What an instance says with its answer to a sealed request, so that it is known for one. */
  String receipt(String sealed) {
    return text(mac(RECEIPT + sealed));
  }

  /** Whether an answer bears the receipt of this request. */
  boolean isReceipt(String said, String sealed) {
    return same(said, receipt(sealed));
  }

  private static boolean same(String said, String expected) {
    return MessageDigest.isEqual(
        said.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private byte[] mac(String text) {
    SecretKeySpec known = key;
    try {
      if (known == null) {
        known =
            new SecretKeySpec(mac(new SecretKeySpec(secret.get(), ALGORITHM), PURPOSE), ALGORITHM);
        key = known;
      }
      return mac(known, text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  private static byte[] mac(SecretKeySpec by, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance(ALGORITHM);
    mac.init(by);
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }
}
