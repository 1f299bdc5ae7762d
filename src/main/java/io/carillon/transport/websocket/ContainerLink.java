package io.carillon.transport.websocket;

import jakarta.websocket.CloseReason;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;

/**
 * The container's own link of one socket, behind its session (Liberty's {@code WsocConnLink}). The
 * WebSocket API has neither a way to bound the frames of a message nor one to end a connection
 * whose peer does not answer a close; this class depends on names of the container's fields and
 * methods for both.
 */
final class ContainerLink {
  private final Object link;

  private ContainerLink(Object link) {
    this.link = link;
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
    Class<?> type = link.getClass();
    Method status = type.getMethod("getLinkStatus");
    if (!ended(status)) {
      // As a read that timed out while the answer is awaited.
      type.getMethod("processReadErrorComplete", IOException.class)
          .invoke(link, new IOException("the close was not answered"));
    }
    if (!ended(status)) {
      type.getMethod("closeUsingSession", CloseReason.class, boolean.class, boolean.class)
          .invoke(link, null, false, true);
    }
  }

  private boolean ended(Method status) throws ReflectiveOperationException {
    return String.valueOf(status.invoke(link)).equals("CLOSED");
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
