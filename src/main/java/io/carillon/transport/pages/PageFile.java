package io.carillon.transport.pages;

import io.carillon.core.coding.Gzip;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/** One file as it is served: its bytes, what they are, and a tag of them. Immutable. */
final class PageFile {
  private final byte[] bytes;
  private final byte @Nullable [] packed;
  private final String type;
  private final String tag;

  /**
   * Makes a file of its bytes, which must not change any more.
   *
   * @param type the media type; texts are UTF-8
   */
  PageFile(byte[] bytes, String type) {
    this.bytes = bytes;
    this.packed =
        isText(type) || type.endsWith("json") || type.endsWith("+xml") ? Gzip.packed(bytes) : null;
    this.type = isText(type) ? type + ";charset=UTF-8" : type;
    this.tag = '"' + Base64.getUrlEncoder().withoutPadding().encodeToString(sha256(bytes)) + '"';
  }

  byte[] bytes() {
    return bytes;
  }

  /** The same bytes by gzip, if that makes them fewer; nothing in them is anybody's secret. */
  byte @Nullable [] packed() {
    return packed;
  }

  /** The media type, with the charset of texts. */
  String type() {
    return type;
  }

  /** The strong entity tag: the same for the same bytes on every instance and in every build. */
  String tag() {
    return tag;
  }

  /**
   * Whether an {@code If-None-Match} names these bytes. Weakly compared, as it is meant to be: a
   * proxy that compresses makes the tag weak.
   *
   * @param values of the header, each of them one tag or several
   */
  boolean isNamedBy(Enumeration<String> values) {
    while (values.hasMoreElements()) {
      for (String each : values.nextElement().split(",", -1)) {
        String name = each.strip();
        if (name.equals("*") || name.equals(tag) || name.equals("W/" + tag)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isText(String type) {
    return type.startsWith("text/") || type.endsWith("/yaml");
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
