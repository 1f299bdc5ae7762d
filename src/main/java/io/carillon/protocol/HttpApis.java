package io.carillon.protocol;

import java.util.List;

/** The HTTP sides of all protocols that have one. */
public record HttpApis(List<HttpApi> all) {
  /** Copies the list. */
  public HttpApis {
    all = List.copyOf(all);
  }
}
