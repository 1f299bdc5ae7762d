package io.carillon.socketio;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Arguments of an event or an acknowledgement. Immutable. */
public interface Arguments {
  /** Number of arguments. */
  int size();

  /** Argument at an index; JSON's {@code null} if none was sent there. */
  Argument get(int index);

  /** All arguments, in their order. */
  List<Argument> all();

  /**
   * String at an index.
   *
   * @throws IllegalArgumentException if there is no string
   */
  default String string(int index) {
    return get(index).string();
  }

  /**
   * Value at an index, as {@link Argument#as(Class)} maps it.
   *
   * @throws IllegalArgumentException if it does not fit
   */
  default <T> @Nullable T as(int index, Class<T> type) {
    return get(index).as(type);
  }

  /**
   * Bytes at an index.
   *
   * @throws IllegalArgumentException if there are none
   */
  default byte[] bytes(int index) {
    return get(index).bytes();
  }

  /** All arguments, in the form that an emit takes. */
  default @Nullable Object[] toArray() {
    return all().toArray();
  }
}
