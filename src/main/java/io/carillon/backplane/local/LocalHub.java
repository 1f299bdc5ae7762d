package io.carillon.backplane.local;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Hub that the instances of one JVM share: every member hears what the others say. Thread-safe. */
public final class LocalHub {
  private final List<LocalBackplane> members = new CopyOnWriteArrayList<>();

  /** Creates a hub without members. */
  public LocalHub() {}

  void enter(LocalBackplane member) {
    members.add(member);
  }

  void leave(LocalBackplane member) {
    members.remove(member);
  }

  void toOthers(LocalBackplane sender, Consumer<LocalBackplane> signal) {
    for (LocalBackplane member : members) {
      if (!member.equals(sender)) {
        signal.accept(member);
      }
    }
  }
}
