package io.carillon.transport.http;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;

/** Tells that a request is over, however it ended. */
final class RequestEndListener implements AsyncListener {
  private final Runnable over;

  /** Takes what to tell; idempotent. */
  RequestEndListener(Runnable over) {
    this.over = over;
  }

  @Override
  public void onComplete(AsyncEvent event) {
    over.run();
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    over.run();
  }

  @Override
  public void onError(AsyncEvent event) {
    over.run();
  }

  @Override
  public void onStartAsync(AsyncEvent event) {}
}
