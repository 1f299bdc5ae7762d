package io.carillon.core.spi;

/** Settings of namespaces. Answers from memory; may be some seconds behind a change. */
@FunctionalInterface
public interface Namespaces {
  /** The settings of a namespace, the defaults if nothing was set for it. */
  NamespaceOptions of(String namespace);

  /**
   * Settings of one namespace.
   *
   * @param membersListLimit number of members above which only counts are sent
   * @param dataLimit greatest size of an event's data in UTF-8 bytes
   * @param conflate whether a lagging reader gets only the latest missed event of each name
   */
  record NamespaceOptions(int membersListLimit, int dataLimit, boolean conflate) {
    /** Default settings: lists up to 1,000 members, 64 KiB of data. */
    public static final NamespaceOptions DEFAULTS = new NamespaceOptions(1000, 64 * 1024, false);
  }
}
