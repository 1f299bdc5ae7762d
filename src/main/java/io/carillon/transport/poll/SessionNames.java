package io.carillon.transport.poll;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names of Engine.IO sessions: the id of the instance that holds the session, a dot, and a secret.
 * The id is random and says nothing of where the instance is.
 */
public final class SessionNames {
  private static final Pattern INSTANCE = Pattern.compile("[0-9a-f]{8}");

  private SessionNames() {}

  /** Name of a new session. */
  public static String name(String instance, String secret) {
    return instance + '.' + secret;
  }

  /** Id of the instance that holds a session; null: the name is none of ours. */
  static @Nullable String instance(String session) {
    int dot = session.indexOf('.');
    String instance = dot < 0 ? "" : session.substring(0, dot);
    return INSTANCE.matcher(instance).matches() ? instance : null;
  }
}
