package io.carillon.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.carillon.core.RoomName;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A real logical subscription whose subscriber publishes in a trigger, and one that copies ours.
 */
class SubscriberIT {
  private final LogDatabase publisher = LogDatabase.migrated();
  private final LogDatabase subscriber = LogDatabase.migrated();

  @BeforeEach
  void shop() throws Exception {
    for (LogDatabase database : List.of(publisher, subscriber)) {
      database.run("CREATE TABLE orders (id int PRIMARY KEY, state text)");
    }
  }

  @AfterEach
  void unsubscribe() throws Exception {
    subscriber.run("ALTER SUBSCRIPTION s DISABLE");
    subscriber.run("ALTER SUBSCRIPTION s SET (slot_name = NONE)");
    subscriber.run("DROP SUBSCRIPTION s");
    long end = System.nanoTime() + 20_000_000_000L;
    String active =
        "SELECT count(*) FROM pg_replication_slots WHERE active AND slot_name = '" + slot() + "'";
    while (publisher.number(active) > 0 && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    publisher.run("SELECT pg_drop_replication_slot('" + slot() + "')");
  }

  @Test
  void aTriggerOfASubscriberPublishes() throws Exception {
    subscriber.run(
        """
        CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM carillon.publish('orders:' || NEW.id, NEW.state, to_jsonb(NEW));
          RETURN NULL;
        END $$;
        CREATE TRIGGER tell AFTER INSERT OR UPDATE ON orders
        FOR EACH ROW EXECUTE FUNCTION tell();
        ALTER TABLE orders ENABLE ALWAYS TRIGGER tell;
        """);
    publisher.run("CREATE PUBLICATION p FOR TABLE orders");
    subscribe();
    try (LogInstance instance = new LogInstance(subscriber);
        OutboxRelay relay = instance.relay("one")) {
      publisher.run("INSERT INTO orders VALUES (1, 'new')");
      publisher.run("UPDATE orders SET state = 'paid'; UPDATE orders SET state = 'shipped'");
      assertEquals(List.of("new", "paid", "shipped"), Relayed.names(instance.log(), "orders:1", 3));
      assertEquals(0, subscriber.number("SELECT carillon.outbox_unnumbered()"));
      assertEquals(0, relay.rejected());
    }
  }

  /** As when a database moves to a new major version by replication. */
  @Test
  void rowsThatAreCopiedBringTheirNumbersAlong() throws Exception {
    publisher.run(
        "CREATE PUBLICATION p FOR TABLE orders, carillon.outbox_row, carillon.outbox_order");
    subscribe();
    publisher.run("SELECT carillon.publish('copied', 'a', '1')");
    publisher.run("SELECT carillon.publish('copied', 'b', '1')");
    long end = System.nanoTime() + 30_000_000_000L;
    String both = "SELECT count(*) FROM carillon.outbox WHERE number IS NOT NULL";
    while (subscriber.number(both) < 2 && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertEquals(2, subscriber.number("SELECT count(*) FROM carillon.outbox_order"));
    try (LogInstance instance = new LogInstance(subscriber);
        OutboxRelay relay = instance.relay("one")) {
      assertEquals(
          List.of("a", "b"),
          Relayed.await(instance.log(), new RoomName("copied"), 2).stream()
              .map(event -> event.name())
              .toList());
      assertEquals(0, relay.rejected());
    }
  }

  private void subscribe() throws Exception {
    publisher.run("SELECT pg_create_logical_replication_slot('" + slot() + "', 'pgoutput')");
    subscriber.run(
        "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1 port="
            + publisher.port()
            + " user=postgres password=postgres dbname="
            + publisher.name()
            + "' PUBLICATION p WITH (create_slot = false, copy_data = false, slot_name = '"
            + slot()
            + "')");
  }

  private String slot() {
    return "slot_" + publisher.name();
  }
}
