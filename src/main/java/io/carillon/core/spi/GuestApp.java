package io.carillon.core.spi;

import io.carillon.core.ErrorCode;
import io.carillon.core.Grants;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.Right;
import io.carillon.core.RoomName;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Application whose clients and servers come as guests: with a key that everybody may see and a
 * secret that signs. Its rights hold in its namespace alone.
 *
 * @param id 1–{@value #MAX_LENGTH} letters, digits and {@code _ - .}; part of addresses and names
 * @param key as {@code id}; part of the address of a socket
 * @param secret 1–{@value #MAX_SECRET_LENGTH} printable ASCII characters; never written to a log
 * @param rights what its clients and servers may do; never {@link Right#ADMIN}
 * @param namespace of the rooms that are its channels
 * @param enabled whether anybody is served
 * @param hooks the addresses that are told what happens; at most {@value #MOST_HOOKS}
 * @param counts whether the subscribers of a channel are told how many they are
 */
public record GuestApp(
    String id,
    String key,
    String secret,
    Set<Right> rights,
    String namespace,
    boolean enabled,
    List<String> hooks,
    boolean counts) {
  /** Most addresses of an application. */
  public static final int MOST_HOOKS = 5;

  /** Greatest length of an id and of a key. */
  public static final int MAX_LENGTH = 64;

  /** Greatest length of a secret. */
  public static final int MAX_SECRET_LENGTH = 256;

  /** How the names of its identities begin. */
  public static final String PREFIX = "pusher:";

  /**
   * Checks and copies.
   *
   * @throws RefusedException with {@link ErrorCode#BAD_DATA} if something is out of its bounds
   */
  public GuestApp {
    rights = Set.copyOf(rights);
    hooks = List.copyOf(hooks);
    boolean good =
        isName(id)
            && isName(key)
            && !secret.isEmpty()
            && secret.length() <= MAX_SECRET_LENGTH
            && secret.chars().allMatch(c -> c > 0x20 && c < 0x7f)
            && !rights.contains(Right.ADMIN)
            && RoomName.isValid(namespace)
            && namespace.indexOf(':') < 0
            && !namespace.equals(RoomName.RESERVED_NAMESPACE)
            && !namespace.equals(RoomName.DEFAULT_NAMESPACE)
            && namespace.length() <= MAX_LENGTH
            && hooks.size() <= MOST_HOOKS
            && hooks.stream().allMatch(GuestApp::isAddress);
    if (!good) {
      throw new RefusedException(ErrorCode.BAD_DATA);
    }
  }

  /** One that tells nobody what happens. */
  public GuestApp(
      String id, String key, String secret, Set<Right> rights, String namespace, boolean enabled) {
    this(id, key, secret, rights, namespace, enabled, List.of(), false);
  }

  private static boolean isAddress(String text) {
    try {
      URI uri = new URI(text);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      return web && uri.getHost() != null && uri.getUserInfo() == null && text.length() <= 512;
    } catch (URISyntaxException noAddress) {
      return false;
    }
  }

  /** The application of demo mode, whose secret everybody knows. */
  public static GuestApp demo() {
    Set<Right> rights = EnumSet.complementOf(EnumSet.of(Right.ADMIN));
    return new GuestApp("demo", "demo-key", "demo-secret", rights, "pusher", true);
  }

  private static boolean isName(String text) {
    return !text.isEmpty()
        && text.length() <= MAX_LENGTH
        && !text.equals(".")
        && !text.equals("..")
        && text.chars().allMatch(GuestApp::isNameCharacter);
  }

  private static boolean isNameCharacter(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-'
        || c == '.';
  }

  /**
   * Whether a user's name is that of an application: its servers, or clients that are nobody in
   * particular.
   */
  public static boolean isApplication(String user) {
    return user.startsWith(PREFIX) && user.indexOf(':', PREFIX.length()) < 0;
  }

  /** The name of its servers, and of those of its clients that are nobody in particular. */
  public String name() {
    return PREFIX + id;
  }

  /**
   * The name of one of its users.
   *
   * @param user as the application names it
   */
  public String name(String user) {
    return name() + ':' + user;
  }

  /** The identity of this name, with the application's rights. */
  public Identity identity(String name) {
    return new Identity(name, Grants.of(Map.of(namespace + ":*", rights)), null, null);
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "GuestApp[id="
        + id
        + ", key="
        + key
        + ", rights="
        + rights
        + ", namespace="
        + namespace
        + ", enabled="
        + enabled
        + ", hooks="
        + hooks.size()
        + ", counts="
        + counts
        + ']';
  }
}
