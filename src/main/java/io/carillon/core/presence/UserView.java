package io.carillon.core.presence;

import io.carillon.core.Delivery;
import io.carillon.core.RoomName;
import io.carillon.core.spi.PresenceStore.PresenceChanges;
import java.util.List;

/** Members of one room by user. Not thread-safe. */
final class UserView implements PresenceView {
  private final MemberAggregate aggregate;
  private MemberAggregate.Diff diff = new MemberAggregate.Diff(List.of(), List.of(), List.of());

  UserView(MemberAggregate aggregate) {
    this.aggregate = aggregate;
  }

  @Override
  public void apply(PresenceChanges changes) {
    diff = aggregate.apply(changes);
  }

  @Override
  public int count() {
    return aggregate.count();
  }

  @Override
  public long weight() {
    return aggregate.weight();
  }

  @Override
  public boolean unchanged() {
    return diff.isEmpty();
  }

  @Override
  public boolean countChanged() {
    return diff.changesCount();
  }

  @Override
  public Delivery list(RoomName room, boolean countOnly) {
    return new Delivery.MembersDelivery(room, count(), countOnly ? null : aggregate.list());
  }

  @Override
  public Delivery change(RoomName room, boolean countOnly) {
    return countOnly
        ? new Delivery.PresenceDelivery(room, List.of(), List.of(), List.of(), count())
        : new Delivery.PresenceDelivery(room, diff.joined(), diff.updated(), diff.left(), count());
  }
}
