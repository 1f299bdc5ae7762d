package io.carillon.backplane.postgres;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Authenticated encryption of signals, AES-256-GCM with a key for each sender that is derived from
 * the cluster's secret: only instances read them. A sealed signal is {@code nonce(12)
 * encrypted(time signal) tag(16)} as base64url; the nonce is four random bytes and a counter, and
 * the sender's name and the route are authenticated too.
 *
 * <p>A signal is accepted once (replay protection). A sender's counter grows with each signal of a
 * route, and a receiver takes no counter twice; the sealed time, the database's, must be near, so
 * that a receiver without that counter takes nothing old; and a receiver takes nothing that was
 * sealed before its own start, so that no signal is accepted again after a restart.
 *
 * <p>Not thread-safe: the notifier has one to seal with, the listener one to open with.
 */
final class SignalCipher {
  /** How far the time of a signal may lie from now, either way. */
  static final Duration NEAR = Duration.ofSeconds(30);

  private static final int NONCE = 12;
  private static final int TAG = 16;
  private static final int TIME = 8;
  private static final int MAX_SENDERS = 1024;
  private static final String PURPOSE = "carillon backplane 2 ";

  private final InstantSource clock;
  private final LongSupplier nanos;
  private final Mac derive;
  private final Cipher cipher;
  private final byte[] prefix = new byte[NONCE - Long.BYTES];
  private final long bornMillis;
  private final long bornNanos;
  private final Map<String, SecretKeySpec> keys = bounded();
  private final Map<String, Long> heard = bounded();
  private long counter;

  /**
   * Creates a cipher.
   *
   * @param secret the cluster's secret, at least 16 bytes
   * @param clock database time, as near as the instance knows it
   * @param nanos a monotonic clock
   */
  SignalCipher(byte[] secret, InstantSource clock, LongSupplier nanos) {
    if (secret.length < 16) {
      throw new IllegalArgumentException("the cluster's key is too short");
    }
    this.clock = clock;
    this.nanos = nanos;
    this.bornMillis = clock.millis();
    this.bornNanos = nanos.getAsLong();
    new SecureRandom().nextBytes(prefix);
    try {
      derive = Mac.getInstance("HmacSHA256");
      derive.init(new SecretKeySpec(secret, "HmacSHA256"));
      cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256 and AES/GCM", e);
    }
  }

  private static <V> Map<String, V> bounded() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > MAX_SENDERS;
      }
    };
  }

  String seal(String sender, SignalRoute route, byte[] signal) {
    byte[] nonce = ByteBuffer.allocate(NONCE).put(prefix).putLong(++counter).array();
    byte[] plain =
        ByteBuffer.allocate(TIME + signal.length).putLong(clock.millis()).put(signal).array();
    SecretKeySpec key = keys.computeIfAbsent(sender, this::key);
    try {
      byte[] encrypted = crypt(Cipher.ENCRYPT_MODE, key, nonce, sender, route, plain, 0);
      byte[] all = ByteBuffer.allocate(NONCE + encrypted.length).put(nonce).put(encrypted).array();
      return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a signal could not be sealed", e);
    }
  }

  /** The signal, or null if it is forged, damaged, too old or was heard before. */
  byte @Nullable [] open(String sender, SignalRoute route, String text) {
    byte[] sealed;
    try {
      sealed = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
    if (sealed.length < NONCE + TIME + TAG) {
      return null;
    }
    byte[] nonce = new byte[NONCE];
    System.arraycopy(sealed, 0, nonce, 0, NONCE);
    SecretKeySpec known = keys.get(sender);
    SecretKeySpec key = known == null ? key(sender) : known;
    byte[] plain;
    try {
      plain = crypt(Cipher.DECRYPT_MODE, key, nonce, sender, route, sealed, NONCE);
    } catch (AEADBadTagException forged) {
      return null;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a signal could not be opened", e);
    }
    // Only senders that know the secret are kept here.
    keys.put(sender, key);
    ByteBuffer read = ByteBuffer.wrap(plain);
    if (!isOfNow(read.getLong())) {
      return null;
    }
    long number = ByteBuffer.wrap(nonce).getLong(prefix.length);
    String from = route.mark() + sender;
    Long last = heard.get(from);
    if (last != null && number <= last) {
      return null;
    }
    heard.put(from, number);
    byte[] signal = new byte[read.remaining()];
    read.get(signal);
    return signal;
  }

  private boolean isOfNow(long millis) {
    boolean young = nanos.getAsLong() - bornNanos < NEAR.toNanos();
    return Math.abs(clock.millis() - millis) <= NEAR.toMillis() && !(young && millis < bornMillis);
  }

  private byte[] crypt(
      int mode,
      SecretKeySpec key,
      byte[] nonce,
      String sender,
      SignalRoute route,
      byte[] bytes,
      int from)
      throws GeneralSecurityException {
    cipher.init(mode, key, new GCMParameterSpec(TAG * 8, nonce));
    cipher.updateAAD((route.mark() + sender).getBytes(StandardCharsets.UTF_8));
    return cipher.doFinal(bytes, from, bytes.length - from);
  }

  private SecretKeySpec key(String sender) {
    return new SecretKeySpec(
        derive.doFinal((PURPOSE + sender).getBytes(StandardCharsets.UTF_8)), "AES");
  }
}
