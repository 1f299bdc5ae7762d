package io.carillon.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a room's members, ordered by user name.
 *
 * @param count how many members there are in all
 * @param members this page of them
 * @param next what to pass as {@code page} for the next page; null on the last
 */
public record MembersPage(int count, List<Member> members, @Nullable String next) {
  /** Copies the members. */
  public MembersPage {
    members = List.copyOf(members);
  }
}
