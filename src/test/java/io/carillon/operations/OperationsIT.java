package io.carillon.operations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.carillon.kit.Ports;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The production start of {@code docs/operations.md}, followed to the letter: its own commands, its
 * own list of variables and its own unit, on a plain Open Liberty, as the service's user, over a
 * database that wants passwords and TLS. Only names of places are others.
 */
final class OperationsIT {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final String APP = "the app's; $ecret";
  private static final String OWNER = "the owner's";

  @TempDir private Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private final int port = Ports.takeHttp();

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void whatTheDocumentSaysLeadsToAServerThatPublishesAndGoesInOrder() throws Exception {
    assumeTrue(
        System.getProperty("user.name").equals("root")
            && Shell.has("psql")
            && Shell.has("unzip")
            && Shell.has("setpriv"),
        "a service's user is made by root; needs psql, unzip and setpriv");
    Shell.openToOthers(folder);
    Document document = Document.read(Path.of("docs/operations.md"));
    Authority authority = new Authority(folder.resolve("certificates"));
    try (SealedPostgres postgres = new SealedPostgres(folder.resolve("postgres"), authority);
        Issuer issuer = new Issuer()) {
      Shell.run(
          document.block("psql -v"),
          postgres.administrator(
              Map.of("CARILLON_DATABASE_PASSWORD", APP, "CARILLON_MIGRATION_PASSWORD", OWNER)),
          Map.of());
      install(document);
      Map<String, String> unit =
          Document.settingsOf(Files.readString(Path.of("deploy/carillon.service")));
      try (Service service =
          new Service(
              unit.get("User"),
              unit.get("ExecStart").replace("/opt", opt()),
              variables(document, postgres, issuer, authority),
              folder.resolve("console.log"))) {
        service.awaitLine("Carillon is ready", LONG);
        assertEquals(200, get("/health/ready").statusCode());
        assertFalse(service.console().contains("not known and has no effect"), service.console());
        publishes(document, issuer);
        servesOurCertificate(authority);
        assertEquals(0, postgres.sessions("NOT ssl"), "verify-full holds for every session");
        while (postgres.sessions("application_name = 'carillon-migration'") > 0) {
          TimeUnit.MILLISECONDS.sleep(500); // the class's own limit ends this
        }
        service.stop();
        staysForABalancerToLook(document, issuer);
        assertEquals(
            unit.get("SuccessExitStatus"),
            Integer.toString(
                service.awaitEnd(Duration.ofSeconds(Long.parseLong(unit.get("TimeoutStopSec"))))));
      }
    }
  }

  private String opt() {
    return folder.resolve("opt").toString();
  }

  private String var() {
    return folder.resolve("var").toString();
  }

  private void install(Document document) throws Exception {
    Files.createDirectory(folder.resolve("opt"));
    Map<String, String> places = new TreeMap<>();
    places.put("openliberty-runtime-26.0.0.5.zip", System.getProperty("carillon.runtime.zip"));
    places.put(
        "carillon-server.zip", Path.of("target/carillon-server.zip").toAbsolutePath().toString());
    places.put("-d /opt", "-d " + opt());
    places.put("a+rX /opt", "a+rX " + opt());
    places.put("/var/lib/carillon", var());
    Shell.run(document.block("unzip -q openliberty"), Map.of(), places);
  }

  /** The least that must be set, all of it and nothing else; then the names of our own places. */
  private Map<String, String> variables(
      Document document, SealedPostgres postgres, Issuer issuer, Authority authority) {
    Map<String, String> variables = document.settings("CARILLON_DATABASE_HOST=db.internal");
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      assertFalse(variable.getValue().contains("#"), "a comment would be part of the value");
    }
    Map<String, String> ours = new TreeMap<>();
    ours.put("JAVA_HOME", System.getProperty("java.home"));
    ours.put("WLP_OUTPUT_DIR", var());
    ours.put("CARILLON_DATABASE_HOST", "localhost");
    ours.put("CARILLON_DATABASE_PASSWORD", masked(APP));
    ours.put("CARILLON_MIGRATION_PASSWORD", masked(OWNER));
    ours.put("keystore_password", Authority.PASSWORD);
    ours.put("MP_JWT_VERIFY_PUBLICKEY_LOCATION", issuer.location());
    assertTrue(variables.keySet().containsAll(ours.keySet()), variables::toString);
    variables.putAll(ours);
    variables.put("CARILLON_DATABASE_PORT", Integer.toString(postgres.port()));
    variables.put("CARILLON_DATABASE_SSLMODE", "verify-full");
    variables.put("CARILLON_DATABASE_SSLROOTCERT", authority.certificate().toString());
    variables.put("CARILLON_KEYSTORE_FILE", authority.keyStore().toString());
    variables.put("CARILLON_HOST", "127.0.0.1");
    variables.put("CARILLON_HTTP_PORT", Integer.toString(port));
    variables.put("CARILLON_HTTPS_PORT", Integer.toString(port + 363));
    return variables;
  }

  /** As {@code securityUtility encode} writes it. */
  private static String masked(String password) {
    byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (bytes[i] ^ '_');
    }
    return "{xor}" + Base64.getEncoder().encodeToString(bytes);
  }

  private void publishes(Document document, Issuer issuer) throws Exception {
    String claims = document.block("\"carillon\":");
    assertEquals(201, publish("orders:1", issuer.token(claims)));
    assertEquals(403, publish("chat:lobby", issuer.token(claims)), "read is not write");
    assertEquals(403, publish("orders:1", issuer.token(claims.replace("carillon\":", "x\":"))));
    assertEquals(401, publish("orders:1", issuer.token(claims.replace("login.", "other."))));
  }

  private void servesOurCertificate(Authority authority) throws Exception {
    URI live = URI.create("https://127.0.0.1:" + (port + 363) + "/health/live");
    try (HttpClient sealed =
        HttpClient.newBuilder().sslContext(authority.trustingOnlyThis()).build()) {
      assertEquals(
          200,
          sealed
              .send(HttpRequest.newBuilder(live).build(), HttpResponse.BodyHandlers.discarding())
              .statusCode());
    }
  }

  /** Not ready, and serving all the same, for the delay that holds where nothing is set. */
  private void staysForABalancerToLook(Document document, Issuer issuer) throws Exception {
    String health = get("/health/ready").body();
    while (health.contains("\"status\":\"UP\",\"checks\"")) {
      health = get("/health/ready").body();
    }
    assertTrue(health.contains("accepting"), health);
    assertEquals(201, publish("orders:1", issuer.token(document.block("\"carillon\":"))));
  }

  private HttpResponse<String> get(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  private int publish(String room, String token) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + "/api/rooms/" + room + "/events");
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"order.paid\",\"data\":1}"))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }
}
