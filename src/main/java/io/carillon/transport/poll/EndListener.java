package io.carillon.transport.poll;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;

/** Tells that a request is over, however it ended. */
record EndListener(Runnable over) implements AsyncListener {
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
