package io.carillon.browser;

import org.junit.jupiter.api.BeforeEach;

/** Two people, each served by an instance of their own, and whoever joins them. */
abstract class TwoVisitors extends Visitors {
  Visitor bob;

  @BeforeEach
  void anotherVisitor() {
    bob = visitor(1, "bob");
  }
}
