package io.carillon.bootstrap;

import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Handler of SIGTERM and SIGINT: runs some work before the JVM begins to shut down. A shutdown hook
 * comes too late: hooks run side by side, and the container's takes sockets and threads away while
 * ours still needs them.
 *
 * <p>Uses {@code sun.misc.Signal} of module {@code jdk.unsupported} by reflection, since the
 * container hides that package from applications and the compiler warns of it. Where the JVM does
 * not allow signal handlers ({@code -Xrs}) it falls back to a shutdown hook.
 */
final class Termination {
  private static final System.Logger LOG = System.getLogger(Termination.class.getName());
  private static final List<String> SIGNALS = List.of("TERM", "INT");

  private final Runnable before;
  private final List<Runnable> undo = new ArrayList<>();
  private volatile boolean forgotten;

  private Termination(Runnable before) {
    this.before = before;
  }

  /**
   * Installs the handler.
   *
   * @param before the work, which may take some seconds and runs on a thread of its own; the
   *     previous handler runs after it, even if it throws
   */
  static Termination precededBy(Runnable before) {
    Termination termination = new Termination(before);
    for (String signal : SIGNALS) {
      try {
        termination.handle(signal);
      } catch (ReflectiveOperationException | IllegalArgumentException notOurs) {
        LOG.log(Level.INFO, "SIG{0} is handled by a shutdown hook: {1}", signal, notOurs);
        termination.hook();
        break;
      }
    }
    return termination;
  }

  /** Restores the previous handlers, so that an undeployed application leaves none behind. */
  synchronized void forget() {
    forgotten = true;
    undo.forEach(Runnable::run);
    undo.clear();
  }

  private void handle(String name) throws ReflectiveOperationException {
    ClassLoader system = ClassLoader.getSystemClassLoader();
    Class<?> signals = system.loadClass("sun.misc.Signal");
    Class<?> handlers = system.loadClass("sun.misc.SignalHandler");
    Method register = signals.getMethod("handle", signals, handlers);
    Method handle = handlers.getMethod("handle", signals);
    Object signal = signals.getConstructor(String.class).newInstance(name);
    AtomicReference<@Nullable Object> next = new AtomicReference<>();
    Relay relay = new Relay(() -> call(handle, next.get(), signal));
    Object mine = Proxy.newProxyInstance(system, new Class<?>[] {handlers}, relay);
    next.set(call(register, null, signal, mine));
    undo.add(
        () -> {
          Object current = call(register, null, signal, next.get());
          if (!Objects.equals(current, mine)) {
            // A later handler calls this one, which passes the signal on.
            call(register, null, signal, current);
          }
        });
  }

  private void hook() {
    Thread hook = new Thread(before, "carillon-drain");
    Runtime.getRuntime().addShutdownHook(hook);
    undo.add(
        () -> {
          try {
            Runtime.getRuntime().removeShutdownHook(hook);
          } catch (IllegalStateException alreadyGoingDown) {
            // It has run or runs now; there is nothing to forget.
          }
        });
  }

  private static @Nullable Object call(
      Method method, @Nullable Object on, @Nullable Object... arguments) {
    try {
      return method.invoke(on, arguments);
    } catch (ReflectiveOperationException refused) {
      throw new IllegalArgumentException(refused);
    }
  }

  /** Signal handler that runs the work, then the previous handler. */
  private final class Relay implements InvocationHandler {
    private final Runnable next;

    Relay(Runnable next) {
      this.next = next;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // a handler is equal to itself only
    public @Nullable Object invoke(Object proxy, Method method, Object[] arguments) {
      return switch (method.getName()) {
        case "equals" -> proxy == arguments[0];
        case "hashCode" -> System.identityHashCode(proxy);
        case "toString" -> "carillon-drain";
        default -> {
          relay();
          yield null;
        }
      };
    }

    private void relay() {
      try {
        if (!forgotten) {
          before.run();
        }
      } catch (RuntimeException defect) {
        LOG.log(Level.WARNING, "what was to be done before the end failed", defect);
      } finally {
        next.run();
      }
    }
  }
}
