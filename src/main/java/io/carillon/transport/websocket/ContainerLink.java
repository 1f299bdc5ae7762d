package io.carillon.transport.websocket;

import jakarta.websocket.CloseReason;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * The container's own link of one socket, behind its session (Liberty's {@code WsocConnLink}). The
 * WebSocket API has neither a way to bound the frames of a message nor one to end a connection
 * whose peer does not answer a close; this class depends on names of the container's fields and
 * methods for both.
 */
final class ContainerLink {
  private final Object link;
  private final Method status;
  private final Method readFailed;
  private final Method closeDevice;

  private ContainerLink(Object link) throws NoSuchMethodException {
    this.link = link;
    Class<?> type = link.getClass();
    this.status = type.getMethod("getLinkStatus");
    this.readFailed = type.getMethod("processReadErrorComplete", IOException.class);
    this.closeDevice =
        type.getMethod("closeUsingSession", CloseReason.class, boolean.class, boolean.class);
  }

  /**
   * The link of a session.
   *
   * @throws ReflectiveOperationException if this is another container, or another version of it
   */
  static ContainerLink of(Session session) throws ReflectiveOperationException {
    return new ContainerLink(value(value(session, "impl"), "connLink"));
  }

  /** The field of what the container reads from. */
  Field reads() throws NoSuchFieldException {
    return field(link.getClass(), "tcpReadContext");
  }

  /** The object that has the fields. */
  Object object() {
    return link;
  }

  /**
   * Ends the connection now, if the container has not. To be called after a close was sent and its
   * peer had time to answer: the container waits for the answer behind everything that the peer has
   * sent before it, and stops reading that.
   *
   * @throws ReflectiveOperationException if the container failed
   */
  void end() throws ReflectiveOperationException {
    if (!ended()) {
      // As a read that timed out while the answer is awaited.
      call(readFailed, new IOException("the close was not answered"));
    }
    if (!ended()) {
      call(closeDevice, null, false, true);
    }
  }

  private boolean ended() throws ReflectiveOperationException {
    return String.valueOf(call(status)).equals("CLOSED");
  }

  private @Nullable Object call(Method method, @Nullable Object... arguments)
      throws ReflectiveOperationException {
    return method.invoke(link, arguments);
  }

  private static Object value(Object of, String name) throws ReflectiveOperationException {
    Object value = field(of.getClass(), name).get(of);
    if (value == null) {
      throw new NoSuchFieldException(name + " is empty");
    }
    return value;
  }

  private static Field field(Class<?> type, String name) throws NoSuchFieldException {
    for (Class<?> each = type; each != null; each = each.getSuperclass()) {
      for (Field field : each.getDeclaredFields()) {
        if (field.getName().equals(name)) {
          field.setAccessible(true);
          return field;
        }
      }
    }
    throw new NoSuchFieldException(name);
  }
}
