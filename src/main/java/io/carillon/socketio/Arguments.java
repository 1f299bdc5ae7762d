package io.carillon.socketio;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Arguments of an event, or of an answer. Immutable. */
public interface Arguments {
  /** How many there are. */
  int size();

  /** The argument at a place; where none was sent, {@code null} as JSON knows it. */
  Argument get(int index);

  /** All of them. */
  List<Argument> all();

  /**
   * A string.
   *
   * @throws IllegalArgumentException if there is none at this place
   */
  default String string(int index) {
    return get(index).string();
  }

  /**
   * As {@link Argument#as(Class)}.
   *
   * @throws IllegalArgumentException if it does not fit
   */
  default <T> @Nullable T as(int index, Class<T> type) {
    return get(index).as(type);
  }

  /**
   * Bytes.
   *
   * @throws IllegalArgumentException if there are none at this place
   */
  default byte[] bytes(int index) {
    return get(index).bytes();
  }

  /** All of them, to be passed on by an emit. */
  default @Nullable Object[] toArray() {
    return all().toArray();
  }
}
