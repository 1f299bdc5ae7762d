package io.carillon.core.cluster;

import java.util.List;

/**
 * Answers of the instances to one question.
 *
 * @param parts those that came whole, in the order of the instances' names
 * @param silent number of instances whose answer did not come in time
 */
public record ClusterAnswer(List<Part> parts, int silent) {
  /** Copies the list. */
  public ClusterAnswer {
    parts = List.copyOf(parts);
  }

  /**
   * Answer of one instance.
   *
   * @param id its incarnation, unique among all
   * @param instance its name
   * @param pages JSON values, in no order
   */
  public record Part(String id, String instance, List<String> pages) {
    /** Copies the list. */
    public Part {
      pages = List.copyOf(pages);
    }
  }
}
