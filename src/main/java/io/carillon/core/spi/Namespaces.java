package io.carillon.core.spi;

/** Settings of namespaces. Answers from memory; may be some seconds behind a change. */
@FunctionalInterface
public interface Namespaces {
  /** The settings of a namespace, the defaults if nothing was set for it. */
  Settings of(String namespace);

  /**
   * What can be set for a namespace.
   *
   * @param membersListLimit above so many members only counts are sent
   * @param dataLimit greatest size of an event's data in UTF-8 bytes
   * @param conflate whether a reader that is behind gets only the latest event of each name of what
   *     it missed
   */
  record Settings(int membersListLimit, int dataLimit, boolean conflate) {
    /** What holds where nothing is set: lists up to 1,000 members, 64 KiB of data. */
    public static final Settings DEFAULTS = new Settings(1000, 64 * 1024, false);
  }
}
