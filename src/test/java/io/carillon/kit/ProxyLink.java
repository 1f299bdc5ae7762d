package io.carillon.kit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One connection through a {@link Proxy}: two sockets and a thread for each direction. */
final class ProxyLink {
  private final Socket near;
  private final Socket far;
  private final Supplier<ProxyMode> mode;
  private final Consumer<ProxyLink> ended;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final AtomicInteger directions = new AtomicInteger(2);
  private final AtomicBoolean over = new AtomicBoolean();

  ProxyLink(Socket near, Socket far, Supplier<ProxyMode> mode, Consumer<ProxyLink> ended) {
    this.near = near;
    this.far = far;
    this.mode = mode;
    this.ended = ended;
  }

  void start() throws IOException {
    near.setTcpNoDelay(true);
    far.setTcpNoDelay(true);
    Thread.ofVirtual().start(() -> copy(near, far, false));
    Thread.ofVirtual().start(() -> copy(far, near, true));
  }

  /** The mode has changed. */
  void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits while nothing may pass. */
  void awaitOpen() throws InterruptedException {
    lock.lock();
    try {
      while (mode.get().blackhole() && !over.get()) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  void halfClose() {
    try {
      far.shutdownOutput();
    } catch (IOException e) {
      reset();
    }
  }

  void reset() {
    if (over.compareAndSet(false, true)) {
      reset(near);
      reset(far);
      wake();
      ended.accept(this);
    }
  }

  /** Closes with RST instead of FIN. */
  static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException alreadyClosed) {
      // Closing is all that is left to do.
    }
    try {
      socket.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void copy(Socket from, Socket to, boolean answers) {
    byte[] buffer = new byte[16 * 1024];
    long passed = 0;
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      while (true) {
        awaitOpen();
        int rate = answers ? mode.get().rate() : 0;
        int n =
            in.read(buffer, 0, rate > 0 ? Math.clamp(rate / 10, 1, buffer.length) : buffer.length);
        if (n < 0) {
          break;
        }
        ProxyMode now = mode.get();
        if (now.delay() > 0) {
          TimeUnit.MILLISECONDS.sleep(now.delay());
        }
        awaitOpen();
        passed += n;
        if (answers && now.cutAfter() >= 0 && passed > now.cutAfter()) {
          reset();
          return;
        }
        out.write(buffer, 0, n);
        if (rate > 0) {
          TimeUnit.MICROSECONDS.sleep(n * 1_000_000L / rate);
        }
      }
      to.shutdownOutput();
      if (directions.decrementAndGet() == 0 && over.compareAndSet(false, true)) {
        near.close();
        far.close();
        ended.accept(this);
      }
    } catch (IOException e) {
      reset();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      reset();
    }
  }
}
