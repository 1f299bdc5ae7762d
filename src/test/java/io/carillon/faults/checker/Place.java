package io.carillon.faults.checker;

/** A position in a room, as its cursor says. */
record Place(String epoch, long seq) {
  /** Reads {@code <epoch>.<seq>}; what is not one is a place that fits nowhere. */
  static Place of(String cursor) {
    int dot = cursor.indexOf('.');
    try {
      return new Place(
          cursor.substring(0, Math.max(dot, 0)), Long.parseLong(cursor.substring(dot + 1)));
    } catch (NumberFormatException notOne) {
      return new Place(cursor, -1);
    }
  }

  @Override
  public String toString() {
    return epoch + '.' + seq;
  }
}
