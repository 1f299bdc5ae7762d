package io.carillon.transport.websocket;

import jakarta.websocket.Session;
import java.lang.System.Logger.Level;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Bound on messages while they arrive. Liberty bounds the size of a frame but not the number of
 * frames, each of which it keeps in a buffer of at least 8 KiB until the message is complete, and
 * the WebSocket API tells nothing of frames. So this proxy stands between the socket and the
 * container's reader: it meters frames, passes on input that is complete or fills a buffer, and
 * when a message is too large it sets the session's bound for frames below every size, upon which
 * the container closes with 1009 and frees its buffers.
 *
 * <p>A frame that continues nothing, or begins a message within another, gets its reserved bits
 * set: the container notices some of them (Autobahn's cases 5.12 to 5.16) only when more comes, and
 * closes at once with 1002 for reserved bits.
 *
 * <p>It depends on names of the container's fields. With another container it logs so once, and
 * sockets have that container's own bounds.
 */
final class MessageBound implements InvocationHandler {
  /** Bound below the size of every frame, also of an empty one; -1 would mean no bound. */
  private static final int NOTHING = -2;

  /** Bits of a frame's first byte that no extension has defined. */
  private static final int RESERVED = 0x70;

  private static final System.Logger LOG = System.getLogger(MessageBound.class.getName());
  private static final AtomicBoolean TOLD = new AtomicBoolean();

  private final Session session;
  private final FrameMeter meter;
  private final Object socket;
  private final Object reads;
  private final Method getBuffer;
  private final Method read;
  private final Method nioBuffer;
  private final Class<?> callback;

  private MessageBound(Session session, FrameMeter meter, Object socket, Class<?> reading)
      throws ReflectiveOperationException {
    this.session = session;
    this.meter = meter;
    this.socket = socket;
    this.getBuffer = reading.getMethod("getBuffer");
    this.nioBuffer = getBuffer.getReturnType().getMethod("getWrappedByteBuffer");
    this.read = asynchronousRead(reading);
    this.callback = read.getParameterTypes()[1];
    this.reads = Proxy.newProxyInstance(reading.getClassLoader(), new Class<?>[] {reading}, this);
  }

  /** Sets the bound of a session; to be called when it opens, before anything is read. */
  static void on(Session session, FrameMeter meter) {
    try {
      ContainerLink link = ContainerLink.of(session);
      Field reads = link.reads();
      Object container = link.object();
      MessageBound bound = new MessageBound(session, meter, reads.get(container), reads.getType());
      reads.set(container, bound.reads);
    } catch (ReflectiveOperationException | RuntimeException unknownContainer) {
      if (TOLD.compareAndSet(false, true)) {
        LOG.log(
            Level.WARNING,
            "this container keeps the parts of a message where they cannot be counted; a client"
                + " that never ends a message is not bounded",
            unknownContainer);
      }
    }
  }

  /** Intercepts the calls of the container's reader to its socket. */
  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    Object[] all = arguments == null ? new Object[0] : arguments;
    if (method.equals(read)) {
      Object[] tapped = all.clone();
      tapped[1] = heardBy(all);
      return call(method, socket, tapped);
    }
    return call(method, socket, all);
  }

  /** Callback for the end of a read, in place of the container's own. */
  private Object heardBy(Object[] arguments) {
    Object reader = arguments[1];
    int[] counted = {0};
    return Proxy.newProxyInstance(
        callback.getClassLoader(),
        new Class<?>[] {callback},
        (proxy, method, heard) -> {
          if (heard == null || heard.length < 2 || method.getDeclaringClass() == Object.class) {
            return call(method, reader, heard == null ? new Object[0] : heard);
          }
          if (method.getName().equals("complete")) {
            ByteBuffer buffer = (ByteBuffer) call(nioBuffer, call(getBuffer, socket));
            count(buffer, counted[0]);
            counted[0] = buffer.position();
            if (!refused() && meter.wantsMore() && buffer.hasRemaining()) {
              Object[] again = arguments.clone();
              again[1] = proxy;
              call(read, socket, again);
              return null;
            }
          }
          Object[] told = heard.clone();
          told[1] = reads;
          return call(method, reader, told);
        });
  }

  private boolean refused() {
    return meter.over() || meter.outOfPlace() != FrameMeter.NOWHERE;
  }

  private void count(ByteBuffer buffer, int from) {
    ByteBuffer fresh = buffer.duplicate();
    fresh.flip();
    fresh.position(Math.min(from, fresh.limit()));
    if (refused()) {
      return;
    }
    meter.read(fresh);
    int wrong = meter.outOfPlace();
    if (wrong != FrameMeter.NOWHERE) {
      buffer.put(wrong, (byte) (buffer.get(wrong) | RESERVED));
    }
    if (meter.over()) {
      session.setMaxTextMessageBufferSize(NOTHING);
      session.setMaxBinaryMessageBufferSize(NOTHING);
    }
  }

  private static Object call(Method method, Object on, Object... arguments) throws Throwable {
    try {
      return method.invoke(on, arguments);
    } catch (InvocationTargetException own) {
      throw own.getCause();
    }
  }

  private static Method asynchronousRead(Class<?> reading) throws NoSuchMethodException {
    for (Method method : reading.getMethods()) {
      if (method.getName().equals("read") && method.getParameterCount() == 4) {
        return method;
      }
    }
    throw new NoSuchMethodException("read");
  }
}
