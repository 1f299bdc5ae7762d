package io.carillon.transport.http;

import io.carillon.core.connection.Connection;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;

/** Tells a connection that its request is over. */
final class Vanished implements AsyncListener {
  private final Connection connection;

  Vanished(Connection connection) {
    this.connection = connection;
  }

  @Override
  public void onComplete(AsyncEvent event) {
    connection.gone();
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    connection.gone();
  }

  @Override
  public void onError(AsyncEvent event) {
    connection.gone();
  }

  @Override
  public void onStartAsync(AsyncEvent event) {}
}
