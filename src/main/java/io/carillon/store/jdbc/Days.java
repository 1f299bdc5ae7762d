package io.carillon.store.jdbc;

import java.time.LocalDate;

/**
 * Range of days, that is of partitions, from which is read. A guess only: whether it is right is
 * seen from what is found.
 *
 * @param first the earliest day
 * @param last the latest day
 */
record Days(LocalDate first, LocalDate last) {
  /** Earlier than every partition, and later. */
  private static final LocalDate BEGINNING = LocalDate.of(1970, 1, 1);

  private static final LocalDate END = LocalDate.of(9999, 12, 31);
  private static final int WEEK = 7;

  static final Days ALL = new Days(BEGINNING, END);

  /** Yesterday, today, and what was made ahead. */
  static Days latest(LocalDate today) {
    return new Days(today.minusDays(1), END);
  }

  /** A day with its neighbours: an event that came about midnight may be counted to either. */
  static Days around(LocalDate day) {
    return new Days(day.minusDays(1), day.plusDays(1));
  }

  /** A day and everything after it. */
  static Days since(LocalDate day) {
    return new Days(day, END);
  }

  /** A day and the week after it. */
  static Days from(LocalDate day) {
    return new Days(day, day.plusDays(WEEK));
  }

  /** A day and the week before it. */
  static Days until(LocalDate day) {
    return new Days(day.minusDays(WEEK), day);
  }

  /** These and the four weeks before them. */
  Days month() {
    return new Days(first.minusDays(4 * WEEK), last);
  }

  /** These and everything before them. */
  Days history() {
    return new Days(BEGINNING, last);
  }
}
