package io.carillon.api;

import io.carillon.core.Content;
import io.carillon.core.ErrorCode;
import io.carillon.core.EventName;
import io.carillon.core.Publication;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.json.Payload;
import io.carillon.core.spi.Namespaces;
import io.carillon.core.spi.Outbox;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Publisher inside the JTA transaction of the calling code, together with its business data:
 *
 * <pre>{@code
 * @Inject TransactionalPublisher carillon;
 *
 * @Transactional
 * public void ship(Order order) {
 *   order.ship();
 *   carillon.publish("orders:" + order.id(), "order.shipped", order);
 * }
 * }</pre>
 *
 * <p>When the transaction commits, the event is in the log exactly once within a second and has its
 * {@code seq}; when it rolls back, nothing was ever published. Events of two transactions are in
 * the order that their row locks show. Nobody waits for a lock of this transaction.
 *
 * <p>The transaction has to use the same data source as Carillon ({@code jdbc/carillon}) or none
 * besides it: two of them in one transaction need XA. The caller is trusted: rights are not asked,
 * and the event is {@code by} {@value #PUBLISHER} unless a name is given. Every method throws
 * {@link IllegalStateException} outside a transaction and {@link RefusedException} for what is not
 * valid; the transaction must then be rolled back, as the container does by itself for both.
 */
@ApplicationScoped
public class TransactionalPublisher {
  /** The publisher of events that were published without a name. */
  public static final String PUBLISHER = "app:carillon";

  /** Stands where an id will be made; unkeyed publications leave that to the outbox. */
  private static final String MADE_BY_THE_DATABASE = "-";

  private static final System.Logger LOG = System.getLogger(TransactionalPublisher.class.getName());

  @Inject Outbox outbox;
  @Inject Namespaces namespaces;

  @Resource(lookup = "java:comp/TransactionSynchronizationRegistry")
  @Nullable TransactionSynchronizationRegistry transactions;

  private @Nullable Jsonb jsonb;

  @PostConstruct
  void start() {
    jsonb = JsonbBuilder.create();
  }

  @PreDestroy
  void stop() {
    try {
      Objects.requireNonNull(jsonb).close();
    } catch (Exception e) {
      LOG.log(System.Logger.Level.DEBUG, "JSON-B did not close", e);
    }
  }

  /**
   * Publishes an object, bound to JSON by Jakarta JSON Binding.
   *
   * @param room the room's name
   * @param name what happened
   * @param data any object that JSON-B can write; a {@link String} becomes a JSON string
   * @return the event's id
   */
  public String publish(String room, String name, Object data) {
    return publishJson(room, name, Objects.requireNonNull(jsonb).toJson(data), null, null);
  }

  /**
   * Publishes bytes as they are; readers of JSON get them as base64.
   *
   * @param room the room's name
   * @param name what happened
   * @param bytes at most what the namespace allows (64 KiB)
   * @return the event's id
   */
  public String publish(String room, String name, byte[] bytes) {
    return publishBytes(room, name, bytes, null, null);
  }

  /**
   * Publishes a JSON text as it is.
   *
   * @param room the room's name
   * @param name what happened
   * @param json any JSON value as text, at most what the namespace allows (64 KiB)
   * @param key unique per room and publisher for 24 h: a second event with it is not published
   *     again; null: one is made
   * @param meta a flat JSON object of strings, at most 1 KiB, or null
   * @return the event's id: the key, or the one that was made
   */
  public String publishJson(
      String room, String name, String json, @Nullable String key, @Nullable String meta) {
    return publishAs(PUBLISHER, room, name, json, key, meta);
  }

  /**
   * Publishes bytes as they are.
   *
   * @param bytes at most what the namespace allows (64 KiB)
   * @see #publishJson
   */
  public String publishBytes(
      String room, String name, byte[] bytes, @Nullable String key, @Nullable String meta) {
    return publishBytesAs(PUBLISHER, room, name, bytes, key, meta);
  }

  /**
   * Publishes a JSON text in the name of a user.
   *
   * @param by the user, 1–256 characters; what it stands for is the caller's to answer for
   * @see #publishJson
   */
  public String publishAs(
      String by,
      String room,
      String name,
      String json,
      @Nullable String key,
      @Nullable String meta) {
    return publish(by, room, name, Content.json(Payload.data(json)), key, meta);
  }

  /**
   * Publishes bytes in the name of a user.
   *
   * @param by the user, 1–256 characters; what it stands for is the caller's to answer for
   * @see #publishBytes
   */
  public String publishBytesAs(
      String by,
      String room,
      String name,
      byte[] bytes,
      @Nullable String key,
      @Nullable String meta) {
    return publish(by, room, name, Content.bytes(bytes), key, meta);
  }

  private String publish(
      String by,
      String room,
      String name,
      Content content,
      @Nullable String key,
      @Nullable String meta) {
    TransactionSynchronizationRegistry registry = Objects.requireNonNull(transactions);
    if (registry.getTransactionStatus() != Status.STATUS_ACTIVE) {
      throw new IllegalStateException(
          "publishing here needs an active JTA transaction: call it from a @Transactional method");
    }
    RoomName target = new RoomName(room);
    if (target.reserved()) {
      throw new RefusedException(ErrorCode.FORBIDDEN);
    }
    Payload.checkSize(content, namespaces.of(target.namespace()).dataLimit());
    String id =
        outbox.publish(
            new Publication(
                target,
                key == null ? MADE_BY_THE_DATABASE : key,
                key != null,
                new EventName(name),
                content,
                meta == null ? null : Payload.meta(meta),
                by,
                null,
                null));
    wakeAfterCommit(registry);
    return id;
  }

  /** Once a transaction, however many events it publishes. */
  private void wakeAfterCommit(TransactionSynchronizationRegistry registry) {
    if (registry.getResource(this) == null) {
      registry.putResource(this, this);
      registry.registerInterposedSynchronization(new Wake(outbox));
    }
  }

  private record Wake(Outbox outbox) implements Synchronization {
    @Override
    public void beforeCompletion() {}

    @Override
    public void afterCompletion(int status) {
      if (status == Status.STATUS_COMMITTED) {
        outbox.wake();
      }
    }
  }
}
