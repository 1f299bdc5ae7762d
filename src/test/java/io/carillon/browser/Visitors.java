package io.carillon.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/**
 * Ann, and whoever joins her. After each test no browser has complained, of an error or of a breach
 * of the content security policy, and whatever the test broke is repaired.
 */
abstract class Visitors {
  private final List<Visitor> visitors = new ArrayList<>();
  BrowserStage stage;
  Visitor ann;

  @BeforeAll
  static void aBrowser() {
    Browsers.chromium();
  }

  @BeforeEach
  void oneVisitor() {
    stage = BrowserStage.shared();
    ann = visitor(0, "ann");
  }

  @AfterEach
  void nobodyComplainsAndAllIsRepaired() throws Exception {
    try {
      for (Visitor visitor : visitors) {
        assertEquals(List.of(), complaintsOf(visitor), visitor.name());
      }
    } finally {
      visitors.forEach(Visitor::close);
      stage.repair();
    }
  }

  /** Somebody else, who stays until the test is over. */
  Visitor visitor(int door, String name) {
    Visitor visitor = new Visitor(stage.door(door), name);
    visitors.add(visitor);
    return visitor;
  }

  /** What a test does not forgive a visitor's browser: everything. */
  List<String> complaintsOf(Visitor visitor) {
    return visitor.complaints();
  }
}
