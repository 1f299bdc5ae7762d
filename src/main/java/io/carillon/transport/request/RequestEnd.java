package io.carillon.transport.request;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.util.concurrent.CompletableFuture;

/**
 * End of one asynchronous request, however it ends: answered, timed out, or its peer gone. The
 * container tells of it on a thread of its own, perhaps twice, and right before it ends the
 * response: out by then is what was flushed. Thread-safe.
 */
public final class RequestEnd implements AsyncListener {
  private final CompletableFuture<Void> over = new CompletableFuture<>();

  private final String address;

  private RequestEnd(String address) {
    this.address = address;
  }

  /** The same for a request whose address nobody asks for. */
  public static RequestEnd of(AsyncContext carrier) {
    return of(carrier, "");
  }

  /**
   * Listens for the end of a request, which must not be over yet.
   *
   * @param address of its peer; not asked of the request, which may be the container's own here
   * @throws IllegalStateException if it is over
   */
  public static RequestEnd of(AsyncContext carrier, String address) {
    RequestEnd end = new RequestEnd(address);
    carrier.addListener(end);
    return end;
  }

  /** Address of the peer. */
  public String address() {
    return address;
  }

  /**
   * Runs a task once when the request is over: on the container's thread, or at once if it is over
   * already. The task must be short and must not throw.
   */
  public void then(Runnable task) {
    var unused = over.thenRun(task);
  }

  @Override
  public void onComplete(AsyncEvent event) {
    over.complete(null);
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    over.complete(null);
  }

  @Override
  public void onError(AsyncEvent event) {
    over.complete(null);
  }

  @Override
  public void onStartAsync(AsyncEvent event) {}
}
