package io.carillon.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.contract.Dialect.Said;
import io.carillon.core.CloseCode;
import io.carillon.core.Identity;
import io.carillon.core.connection.Farewell;
import io.carillon.core.spi.CarillonPrincipal;
import io.carillon.kit.MemoryInstance;
import io.carillon.protocol.Message;
import io.carillon.protocol.Protocol;
import io.carillon.transport.duplex.Links;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The suite of all protocols on an instance in memory, whose time goes on when told. */
public abstract class MemoryProtocolContract extends ProtocolContract {
  private final Dialect dialect;

  /** The instance. */
  protected final MemoryInstance instance = new MemoryInstance();

  /** Its links. */
  protected final Links links = instance.links();

  /** The suite for a protocol. */
  protected MemoryProtocolContract(Dialect dialect) {
    this.dialect = dialect;
  }

  /** Opens a carrier for who the container says it is. */
  protected abstract @Nullable Wire connect(Protocol protocol, @Nullable Principal principal);

  private record Known(Identity identity) implements CarillonPrincipal {
    @Override
    public String getName() {
      return identity.user();
    }
  }

  @Override
  protected final Dialect dialect() {
    return dialect;
  }

  @Override
  protected final @Nullable Wire connect(@Nullable String token) {
    return connect(dialect.protocol(), token == null ? null : new Known(instance.identity(token)));
  }

  @Override
  protected final String token(String user) {
    return user;
  }

  @Override
  protected final void kick(String user) {
    assertEquals(1, instance.connections.close(user, CloseCode.KICKED, "kicked"));
  }

  @AfterEach
  final void closeInstance() {
    instance.close();
  }

  @Test
  void whoIsSilentIsClosed() {
    Talk alice = open(token("alice"));
    instance.pass(40);
    assertFarewell(CloseCode.HEARTBEAT_MISSED, "heartbeat missed", alice.closed());
    assertEquals(0, instance.connections.count());
  }

  @Test
  void whoAnswersStays() {
    Talk alice = open(token("alice")).joined();
    for (int i = 0; i < 60; i++) {
      instance.pass(1);
      alice.say(dialect.alive());
    }
    alice.say(dialect.publish(room, "still here"));
    assertTrue(List.of(alice.said(), alice.said()).contains(new Said.Heard("still here")));
  }

  @Test
  void whoStaysNobodyIsClosed() {
    if (dialect.protocol().admission() == Protocol.Admission.CREDENTIAL) {
      return;
    }
    Talk nobody = open(null);
    for (int i = 0; i < 12; i++) {
      nobody.say(dialect.alive());
      instance.pass(1);
    }
    assertFarewell(CloseCode.UNAUTHENTICATED, "no credential", nobody.closed());
  }

  @Test
  void aDrainAnswersPublishesFirst() {
    Talk alice = open(token("alice")).joined();
    for (int i = 0; i < 20; i++) {
      alice.say(dialect.publish(room, "w" + i));
    }
    instance.connections.drain(Duration.ofSeconds(10), Duration.ofSeconds(5));
    List<Said> said = new ArrayList<>();
    Message last = alice.next();
    for (Message next = last; next != null; next = alice.next()) {
      last = next;
      said.add(dialect.said(next));
    }
    assertEquals(20, said.stream().filter(new Said.Published()::equals).count());
    assertEquals(new Said.Bye(), said.getLast());
    Farewell end = alice.closed();
    assertFarewell(
        CloseCode.RESTART, "drain", new Farewell(List.of(last), end.code(), end.reason()));
  }

  @Test
  void whoVanishesLeavesNothing() {
    Talk alice = open(token("alice")).joined();
    assertEquals(1, instance.connections.count());
    alice.vanish();
    instance.pass(30);
    assertEquals(0, instance.connections.count());
  }
}
