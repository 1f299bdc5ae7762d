package io.carillon.faults.checker;

import java.util.Locale;

/** What can be wrong, by the name that a verdict uses, with the guarantee that it breaks. */
public enum Rule {
  /** What was acknowledged, committed or delivered is not in the log where it was. */
  LOST("G1"),
  /** Something was seen that nobody had published in that room by then. */
  PHANTOM("G2"),
  /** An event was seen with other data than were published. */
  CONTENT("G2"),
  /** A publish that was refused was seen. */
  REFUSED("G2"),
  /** One publish has two positions, or its acknowledgements differ. */
  ONCE("G3"),
  /** Two events were seen at one position. */
  DIVERGENCE("G4"),
  /** A publish that began after another was known is before it in the log. */
  REALTIME("G4"),
  /** A reader got an event after a later one. */
  REORDERED("G4"),
  /** A reader got an event twice. */
  DUPLICATED("G5"),
  /** A reader never got an event between two that it got. */
  SKIPPED("G5"),
  /** A reader that is connected at the end was not given everything. */
  LIVENESS("G5"),
  /** A join said that the reader was recovered, but began elsewhere. */
  RECOVERED("G6"),
  /** A reader was moved without being told. */
  SILENT("G7"),
  /** A resync that has no reason, or another one, or that the run does not allow. */
  RESYNC("G7"),
  /** The log has a hole, or too much. */
  HOLE("G8"),
  /** A full replay over one transport is not what the log holds. */
  REPLAY("G5"),
  /** In quiet times an event came too late. */
  LATE("G9"),
  /** After a fault was healed it took too long until all was well. */
  RECOVERY("G9"),
  /** An observer's list of members is not the truth. */
  PRESENCE("G10"),
  /** An observer saw a member leave that was back within the grace. */
  FLICKER("G10"),
  /** Something was delivered after the right to read it had gone. */
  AUTHORITY("G12"),
  /** An instance holds more at the end than it may. */
  RESOURCES("G13"),
  /** The history contradicts itself or is not complete: the driver's fault, not the product's. */
  DRIVER("-");

  private final String guarantee;

  Rule(String guarantee) {
    this.guarantee = guarantee;
  }

  /** The guarantee that it breaks: {@code G1} to {@code G15}, or {@code -}. */
  public String guarantee() {
    return guarantee;
  }

  /** Its name in reports. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
