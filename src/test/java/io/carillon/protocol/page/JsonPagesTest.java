package io.carillon.protocol.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.carillon.core.Cursor;
import io.carillon.core.Delivery;
import io.carillon.core.HistoryPage;
import io.carillon.kit.client.WireSchema;
import io.carillon.protocol.PageFrame;
import io.carillon.protocol.Samples;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonPagesTest {
  private final JsonPages format = new JsonPages();

  @Test
  void aPageFitsTheSchema() {
    Cursor head = new Cursor("k3f9", 40);
    Cursor at = new Cursor("k3f9", 17);
    String full =
        format.page(new HistoryPage(List.of(Samples.EVENT, Samples.BYTES), at, head, at, null));
    WireSchema.checkPage(full);
    String resync = format.page(new HistoryPage(List.of(), head, head, null, Samples.RESYNC));
    WireSchema.checkPage(resync);
    assertEquals(
        "{\"events\":[],\"cursor\":\"k3f9.40\",\"head\":\"k3f9.40\",\"resync\":[{\"room\":"
            + "\"orders:42\",\"reason\":\"expired\",\"head\":\"k3f9.40\",\"floor\":\"k3f9.20\"}]}",
        resync);
  }

  @Test
  void whatAPollIsToldMakesAPage() {
    List<String> events = new ArrayList<>();
    List<String> resyncs = new ArrayList<>();
    List<Delivery> all = new ArrayList<>(Samples.deliveries());
    all.add(Samples.streamJoined());
    all.add(new Delivery.HeartbeatDelivery());
    for (Delivery delivery : all) {
      PageFrame frame = (PageFrame) format.encoder().encode(delivery);
      switch (frame.kind()) {
        case EVENT -> events.add(frame.json());
        case RESYNC -> resyncs.add(frame.json());
        case BEGIN -> {
          // A room that cannot be served keeps its place until its resync.
          assertEquals(2, frame.heads().size());
          assertEquals(1, frame.positions().size());
        }
        case END -> assertEquals(Delivery.Goodbye.class, delivery.getClass());
        case OTHER -> assertEquals(List.of(), frame.positions());
      }
    }
    assertEquals(3, events.size());
    assertEquals(1, resyncs.size());
    WireSchema.checkPage(format.page(events, resyncs, "a.1,b.2", "a.1,b.3", "a.1,b.2"));
  }
}
