package io.carillon.operations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.Bootstrap;
import io.carillon.kit.Cluster;
import io.carillon.kit.DatabaseAccess;
import io.carillon.kit.LibertyServer;
import io.carillon.kit.PostgresServer;
import io.carillon.kit.client.Calls;
import io.carillon.kit.client.RoomNames;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that asks for a certificate of its clients, beside their passwords. */
final class ClientCertificateIT {
  private static final String PASSWORD = "test";
  private static final String DATABASE = "certified";

  @TempDir private Path folder;

  @Test
  void everySessionOfAServerShowsItsCertificate() throws Exception {
    Shell.openToOthers(folder);
    Authority ours = new Authority(folder.resolve("database"));
    Authority client = new Authority(folder.resolve("client"), Bootstrap.APP);
    try (PostgresServer postgres = sealed(ours, client)) {
      DatabaseAccess access =
          new DatabaseAccess(
              "localhost",
              postgres.port(),
              DATABASE,
              Bootstrap.APP,
              PASSWORD,
              Bootstrap.OWNER,
              PASSWORD);
      assertThrows(SQLException.class, () -> access.app().getConnection().close(), "it does ask");
      Map<String, String> settings = new HashMap<>();
      settings.put("CARILLON_DATABASE_SSLMODE", "verify-full");
      settings.put("CARILLON_DATABASE_SSLROOTCERT", ours.certificate().toString());
      settings.put("CARILLON_DATABASE_SSLCERT", client.certificate().toString());
      settings.put("CARILLON_DATABASE_SSLKEY", client.key().toString());
      try (Cluster cluster = Cluster.start(access, 1, settings);
          HttpClient http = HttpClient.newHttpClient()) {
        LibertyServer server = cluster.server(0);
        String token = Calls.demoToken(http, server.uri("/"), "alice");
        new Calls(http, server.uri("/"), token).publish(RoomNames.fresh(), "n", "1");
        String all = "application_name LIKE 'carillon%'";
        assertTrue(sessions(postgres, all) >= 5);
        assertEquals(
            0,
            sessions(postgres, all + " AND client_dn IS DISTINCT FROM '/CN=carillon_app'"),
            "pools and connections of our own alike");
      }
    }
  }

  /** The name in the certificate is the role's own; the migrations' role shows the same one. */
  private PostgresServer sealed(Authority ours, Authority clients) throws Exception {
    Path data = folder.resolve("postgres");
    PostgresServer postgres = PostgresServer.init(data);
    Files.writeString(
        data.resolve("pg_hba.conf"),
        """
        host all postgres localhost trust
        hostssl all carillon_app localhost scram-sha-256 clientcert=verify-full
        hostssl all carillon_owner localhost scram-sha-256 clientcert=verify-ca
        """);
    postgres
        .with("ssl", "on")
        .with("ssl_cert_file", ours.certificate().toString())
        .with("ssl_key_file", ours.key().toString())
        .with("ssl_ca_file", clients.certificate().toString())
        .start();
    Bootstrap.roles(postgres.superuser("postgres"), PASSWORD, PASSWORD);
    Bootstrap.database(postgres.superuser("postgres"), DATABASE, "template0");
    return postgres;
  }

  private static long sessions(PostgresServer postgres, String condition) throws SQLException {
    try (Connection connection = postgres.superuser("postgres").getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity JOIN pg_stat_ssl USING (pid) WHERE "
                    + condition)) {
      row.next();
      return row.getLong(1);
    }
  }
}
