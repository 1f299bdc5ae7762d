package io.carillon.transport.duplex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.contract.Dialect;
import io.carillon.contract.ProtocolContract;
import io.carillon.core.CloseCode;
import io.carillon.core.connection.Connections;
import io.carillon.core.spi.Health;
import io.carillon.kit.ContainerArchive;
import io.carillon.kit.client.Calls;
import io.carillon.protocol.echo.EchoProtocol;
import jakarta.inject.Inject;
import jakarta.json.Json;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;

/** The suite of all protocols inside Liberty, over its own port. */
abstract class ContainerProtocolContract extends ProtocolContract {
  private static final Duration START = Duration.ofMinutes(2);

  @Inject Health health;
  @Inject Connections connections;

  /** Ends by itself when nothing refers to it, which is after the wires of a test are closed. */
  final HttpClient http = HttpClient.newHttpClient();

  private final ConcurrentHashMap<String, String> tokens = new ConcurrentHashMap<>();
  private final Dialect dialect;

  ContainerProtocolContract(Dialect dialect) {
    this.dialect = dialect;
  }

  /** The product with the echo, and with polls at the paths of both. */
  static WebArchive application(Class<?> test) {
    return ContainerArchive.with(test)
        .addPackage(ProtocolContract.class.getPackage())
        .addPackage(EchoProtocol.class.getPackage())
        .addPackage(Calls.class.getPackage())
        .addClasses(
            ContainerProtocolContract.class,
            FurtherProtocols.class,
            PollDeployment.class,
            SocketWire.class,
            HttpPollWire.class);
  }

  @BeforeEach
  final void started() {
    long begun = System.nanoTime();
    while (!health.started()) {
      assertTrue(System.nanoTime() - begun < START.toNanos(), "not in time");
      LockSupport.parkNanos(20_000_000);
    }
  }

  @Override
  protected final Dialect dialect() {
    return dialect;
  }

  @Override
  protected final String token(String user) {
    return tokens.computeIfAbsent(user, this::ask);
  }

  private String ask(String user) {
    String answer =
        new Calls(http, server(), "")
            .send("POST", "/carillon/api/demo/token", "{\"user\":\"" + user + "\"}")
            .body();
    return Json.createReader(new StringReader(answer)).readObject().getString("token");
  }

  @Override
  protected final void kick(String user) {
    assertEquals(1, connections.close(user, CloseCode.KICKED, "kicked"));
  }

  /** Where this protocol is spoken. */
  final URI address(String scheme) {
    String path = dialect.protocol().paths().getFirst().replace("{app}", "suite");
    return URI.create(server().toString().replaceFirst("^http", scheme) + "/carillon" + path);
  }

  private static URI server() {
    return URI.create(
        "http://127.0.0.1:"
            + ConfigProvider.getConfig().getValue("carillon.http.port", Integer.class));
  }
}
