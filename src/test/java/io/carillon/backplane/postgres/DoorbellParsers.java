package io.carillon.backplane.postgres;

/** Targets for inputs that nobody would write by hand: notifications that anybody may send. */
public final class DoorbellParsers {
  private DoorbellParsers() {}

  /** A notification's text. */
  public static void notification(String text) {
    try {
      NotificationPayload payload = NotificationPayload.read(text);
      if (payload.items().isEmpty()) {
        throw new AssertionError("nothing is in it");
      }
    } catch (IllegalArgumentException notOurs) {
      // As it should be.
      return;
    }
  }
}
