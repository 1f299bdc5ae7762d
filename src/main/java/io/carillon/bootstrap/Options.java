package io.carillon.bootstrap;

import static io.carillon.bootstrap.Option.choice;
import static io.carillon.bootstrap.Option.file;
import static io.carillon.bootstrap.Option.flag;
import static io.carillon.bootstrap.Option.list;
import static io.carillon.bootstrap.Option.number;
import static io.carillon.bootstrap.Option.text;
import static io.carillon.bootstrap.Option.time;
import static io.carillon.bootstrap.Option.url;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** List of all settings, from which {@code docs/settings.md} is generated. */
final class Options {
  static final Option<String> INSTANCE =
      text(
          "carillon.instance.name",
          "",
          "This instance's name in metrics and on the dashboard; random if empty");
  static final Option<String> INSTANCE_URL =
      url(
          "carillon.instance.url",
          "Where people reach this very instance, past any balancer; shown to whoever may read"
              + " carillon:instances, as a link. Not shown if empty");
  static final Option<Integer> CLOCK_OFFSET =
      number(
          "carillon.clock.offset",
          0,
          -3_600_000,
          3_600_000,
          "Milliseconds that this instance's own clock is made to go wrong; for trying out skew"
              + " only");
  static final Option<Boolean> DEMO =
      flag("carillon.demo", false, "Whether anyone may have a demo token; never in production");

  static final Option<String> HOST =
      text("carillon.host", "*", "The address to listen at; all of them if *");
  static final Option<Integer> HTTP_PORT =
      number("carillon.http.port", 9080, -1, 65535, "The HTTP port; -1: none");

  static final Option<String> DATABASE_HOST =
      text("carillon.database.host", "localhost", "The host of the primary");
  static final Option<Integer> DATABASE_PORT =
      number("carillon.database.port", 5432, 1, 65535, "The port of the primary");
  static final Option<String> DATABASE_NAME =
      text("carillon.database.name", "carillon", "The database");
  static final Option<String> DATABASE_USER =
      text("carillon.database.user", "carillon_app", "The application's role; needs no DDL rights");
  static final Option<String> DATABASE_PASSWORD =
      new Option<>(
          "carillon.database.password", "", "Its password, plain or with {xor}", Passwords::read);
  static final Option<String> DATABASE_SSL =
      choice(
          "carillon.database.sslmode",
          "prefer",
          "The driver's sslmode",
          "disable",
          "allow",
          "prefer",
          "require",
          "verify-ca",
          "verify-full");
  static final Option<String> DATABASE_SSL_ROOT =
      file(
          "carillon.database.sslrootcert",
          "File of certificates (PEM) that the database's is verified with; needed with verify-ca"
              + " and verify-full");
  static final Option<String> DATABASE_SSL_CERTIFICATE =
      file(
          "carillon.database.sslcert",
          "File of our own certificate (PEM), where the database asks for one");
  static final Option<String> DATABASE_SSL_KEY =
      file(
          "carillon.database.sslkey",
          "File of its key, without a passphrase (.pem; .pk8 and .der: PKCS#8)");
  static final Option<Integer> DATABASE_POOL =
      number(
          "carillon.database.pool",
          16,
          4,
          1000,
          "Connections of the server's pool; readers that are behind use half of them at the most,"
              + " pages of history a quarter");
  static final Option<Boolean> MIGRATE =
      flag(
          "carillon.migration.enabled",
          true,
          "Whether this instance applies migrations at start; without, they are only checked");

  static final Option<Integer> WRITERS =
      number("carillon.log.writers", 2, 1, 4, "Writers of this instance, a connection each");
  static final Option<Integer> BATCH_EVENTS =
      number("carillon.log.batch.events", 256, 1, 5000, "Most events of one commit");
  static final Option<Integer> BATCH_BYTES =
      number("carillon.log.batch.bytes", 262_144, 1024, 16_777_216, "Most bytes of one commit");
  static final Option<Integer> QUEUE_EVENTS =
      number("carillon.log.queue.events", 20_000, 1, 1_000_000, "Most events waiting for a writer");
  static final Option<Duration> PUBLISH_DEADLINE =
      time(
          "carillon.log.deadline",
          "PT5S",
          Duration.ofMillis(100),
          Duration.ofMinutes(1),
          "When a publish is answered at the latest");
  static final Option<Duration> RETENTION =
      time(
          "carillon.log.retention",
          "P7D",
          Duration.ofDays(1),
          Duration.ofDays(3650),
          "How long events can be replayed at least; whole days (UTC) are removed");

  static final Option<Integer> CONNECTIONS =
      number(
          "carillon.connections.max", 100_000, 1, 1_000_000, "Most connections of this instance");
  static final Option<Integer> OUTBOX_BYTES =
      number(
          "carillon.connections.outbox.bytes",
          262_144,
          16_384,
          1_048_576,
          "Most bytes that wait for one client before it is served from the log");
  static final Option<Integer> WRITE_BYTES =
      number(
          "carillon.connections.write.bytes",
          15_360,
          1024,
          1_048_576,
          "Most bytes that go to a client in one write");
  static final Option<Integer> SOCKET_WRITERS =
      number("carillon.connections.flushers", 2, 1, 64, "Threads that write to sockets");
  static final Option<Integer> ROOMS_PER_CONNECTION =
      number("carillon.connections.rooms", 100, 1, 10_000, "Most rooms one connection may join");
  static final Option<Duration> HEARTBEAT =
      time(
          "carillon.connections.heartbeat",
          "PT20S",
          Duration.ofSeconds(1),
          Duration.ofMinutes(5),
          "How often a WebSocket client is pinged; it must answer within 10 s more");
  static final Option<Duration> STREAM_COMMENT =
      time(
          "carillon.streams.comment",
          "PT15S",
          Duration.ofSeconds(1),
          Duration.ofMinutes(5),
          "How often a stream gets a comment");
  static final Option<Duration> STREAM_AGE =
      time(
          "carillon.streams.max.age",
          "PT5M",
          Duration.ofSeconds(2),
          Duration.ofHours(24),
          "When a stream is ended with a goodbye at the latest");
  static final Option<Duration> ROOM_IDLE =
      time(
          "carillon.rooms.idle",
          "PT30S",
          Duration.ZERO,
          Duration.ofHours(1),
          "How long a room without readers is kept in memory");
  static final Option<Integer> RECENT_BYTES =
      number(
          "carillon.rooms.recent.bytes",
          67_108_864,
          1_048_576,
          1_073_741_824,
          "Most bytes of the latest events of all rooms that are kept in memory");
  static final Option<Integer> JOINING =
      number(
          "carillon.rooms.joining",
          256,
          1,
          10_000,
          "Most joins at a time; eight times as many wait, the others are told to come back");
  static final Option<Duration> POLL =
      time(
          "carillon.rooms.poll",
          "PT1S",
          Duration.ofMillis(100),
          Duration.ofMinutes(1),
          "How often rooms are compared with the log, which bounds the delay of a lost doorbell");
  static final Option<Duration> DRAIN_DELAY =
      time(
          "carillon.drain.delay",
          "PT5S",
          Duration.ZERO,
          Duration.ofMinutes(5),
          "How long after SIGTERM everything still works but readiness, so that a balancer can"
              + " look; 0 in demo mode unless it is set");
  static final Option<Duration> DRAIN =
      time(
          "carillon.drain.spread",
          "PT10S",
          Duration.ZERO,
          Duration.ofMinutes(5),
          "Over what time clients come back after a drain");
  static final Option<Duration> REVOCATIONS_KEPT =
      time(
          "carillon.revocations.keep",
          "P30D",
          Duration.ofHours(1),
          Duration.ofDays(3650),
          "How long a revocation is kept; no token may last longer");

  static final Option<String> JWT_KEY =
      text("mp.jwt.verify.publickey", "", "The key that verifies tokens: PEM, JWK or JWK set");
  static final Option<String> JWT_KEY_LOCATION =
      text("mp.jwt.verify.publickey.location", "", "Where that key is: file, resource or https");
  static final Option<String> ISSUER_AUTHORITIES =
      file(
          "carillon.issuer.sslrootcert",
          "File of the only authorities (PEM) that https to the issuer's keys is trusted by;"
              + " without, the JDK's");
  static final Option<String> JWT_ALGORITHM =
      text("mp.jwt.verify.publickey.algorithm", "RS256", "The one signature algorithm");
  static final Option<String> JWT_ISSUER =
      text("mp.jwt.verify.issuer", "", "The issuer; needed with a key");
  static final Option<Set<String>> JWT_AUDIENCES =
      list("mp.jwt.verify.audiences", "One of these must be in a token's aud; empty: not checked");
  static final Option<Integer> JWT_SKEW =
      number(
          "mp.jwt.verify.clock.skew",
          60,
          0,
          600,
          "Tolerance for nbf and iat of tokens, in seconds; exp has none");

  private static final List<Option<?>> OWN =
      List.of(
          INSTANCE,
          INSTANCE_URL,
          CLOCK_OFFSET,
          DEMO,
          HOST,
          HTTP_PORT,
          DATABASE_HOST,
          DATABASE_PORT,
          DATABASE_NAME,
          DATABASE_USER,
          DATABASE_PASSWORD,
          DATABASE_SSL,
          DATABASE_SSL_ROOT,
          DATABASE_SSL_CERTIFICATE,
          DATABASE_SSL_KEY,
          DATABASE_POOL,
          MIGRATE,
          WRITERS,
          BATCH_EVENTS,
          BATCH_BYTES,
          QUEUE_EVENTS,
          PUBLISH_DEADLINE,
          RETENTION,
          CONNECTIONS,
          OUTBOX_BYTES,
          WRITE_BYTES,
          SOCKET_WRITERS,
          ROOMS_PER_CONNECTION,
          HEARTBEAT,
          STREAM_COMMENT,
          STREAM_AGE,
          ROOM_IDLE,
          RECENT_BYTES,
          JOINING,
          POLL,
          DRAIN_DELAY,
          DRAIN,
          REVOCATIONS_KEPT,
          JWT_KEY,
          JWT_KEY_LOCATION,
          ISSUER_AUTHORITIES,
          JWT_ALGORITHM,
          JWT_ISSUER,
          JWT_AUDIENCES,
          JWT_SKEW);

  static final List<Option<?>> ALL =
      Stream.of(OWN, ClusterOptions.ALL, EdgeOptions.ALL, LimitOptions.ALL, GuestOptions.ALL)
          .<Option<?>>flatMap(List::stream)
          .toList();

  private Options() {}

  /** The table for the documentation, in Markdown. */
  static String table() {
    StringBuilder table =
        new StringBuilder("| property | default | meaning |\n| --- | --- | --- |\n");
    for (Option<?> option : ALL) {
      String fallback = option.fallback().isEmpty() ? "" : '`' + option.fallback() + '`';
      table.append("| `").append(option.name()).append("` | ").append(fallback);
      table.append(" | ").append(option.meaning()).append(" |\n");
    }
    return table.toString();
  }
}
