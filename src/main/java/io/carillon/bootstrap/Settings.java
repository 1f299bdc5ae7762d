package io.carillon.bootstrap;

import io.carillon.api.ApiSettings;
import io.carillon.core.connection.ConnectionLimits;
import io.carillon.core.limit.LimitSettings;
import io.carillon.core.room.RoomLimits;
import io.carillon.protocol.socketio.SocketIoSettings;
import io.carillon.security.EdgeSettings;
import io.carillon.security.SecuritySettings;
import io.carillon.store.jdbc.LogSettings;
import java.time.Duration;
import java.util.Locale;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/**
 * All settings, read and checked once at start.
 *
 * @param instance this instance's name; empty: a random one is made
 * @param url where people reach this very instance; empty: nobody is told
 * @param host the address that the server listens at
 * @param port its HTTP port
 * @param clockOffset artificial error of the own clock in milliseconds, for tests
 * @param database address of the database
 * @param migrate whether migrations are applied at start
 * @param log bounds of the log's writers
 * @param retention least time for which events can be replayed
 * @param connections bounds of connections
 * @param socketWriters threads that write to sockets
 * @param rooms bounds of rooms
 * @param poll interval of comparing rooms with the log
 * @param heartbeat of sockets
 * @param comment interval of comments on streams
 * @param streamAge greatest age of a stream
 * @param drainDelay time for which it serves as not ready before it drains on SIGTERM
 * @param drain time over which clients reconnect after a drain
 * @param revocationsKept least time for which a revocation is kept
 * @param security settings of the credential filter
 * @param socketIo settings of Socket.IO
 * @param limits settings of limits by user, address, namespace and instance
 * @param edge settings of proxies, hosts and schemes
 * @param neighbourhood settings of the other instances
 * @param api settings of the REST side
 */
record Settings(
    String instance,
    String url,
    String host,
    int port,
    int clockOffset,
    Database database,
    boolean migrate,
    LogSettings log,
    Duration retention,
    ConnectionLimits connections,
    int socketWriters,
    RoomLimits rooms,
    Duration poll,
    Duration heartbeat,
    Duration comment,
    Duration streamAge,
    Duration drainDelay,
    Duration drain,
    Duration revocationsKept,
    SecuritySettings security,
    SocketIoSettings socketIo,
    LimitSettings limits,
    EdgeSettings edge,
    Neighbourhood neighbourhood,
    ApiSettings api) {

  /**
   * What is set of the other instances.
   *
   * @param url where they reach this one; empty: it is found
   * @param forwards most polls under way that are handed to them
   */
  record Neighbourhood(String url, int forwards) {}

  /** Address of the database, for connections outside of the server's pools. */
  record Database(String host, int port, String name, String user, String password, Tls tls) {
    @Override
    public String toString() {
      return host + ':' + port + '/' + name;
    }
  }

  /**
   * TLS of the connections to the database; paths are empty where not set.
   *
   * @param mode the driver's sslmode
   * @param rootCertificate root certificate to verify the database's
   * @param certificate client certificate, for a database that asks for one
   * @param key its key
   */
  record Tls(String mode, String rootCertificate, String certificate, String key) {
    /** Checks that the files are there: the pools would name no setting. */
    Tls {
      if (mode.startsWith("verify-") && rootCertificate.isEmpty()) {
        throw new IllegalArgumentException(
            Options.DATABASE_SSL_ROOT.name() + ": must be set with sslmode " + mode);
      }
      if (certificate.isEmpty() != key.isEmpty()) {
        throw new IllegalArgumentException(
            Options.DATABASE_SSL_KEY.name() + " and …sslcert: set both or none");
      }
      String name = key.toLowerCase(Locale.ROOT);
      if (name.endsWith(".p12") || name.endsWith(".pfx")) {
        throw new IllegalArgumentException(
            Options.DATABASE_SSL_KEY.name()
                + ": an archive needs a passphrase, which nobody could give; take .pem or .pk8");
      }
    }
  }

  /**
   * Reads all settings.
   *
   * @throws IllegalArgumentException naming the property that is wrong
   */
  static Settings read(Config config) {
    return new Settings(
        Options.INSTANCE.of(config),
        Options.INSTANCE_URL.of(config),
        Options.HOST.of(config),
        Options.HTTP_PORT.of(config),
        Options.CLOCK_OFFSET.of(config),
        database(config),
        Options.MIGRATE.of(config),
        log(config),
        Options.RETENTION.of(config),
        new ConnectionLimits(
            Options.CONNECTIONS.of(config),
            Options.OUTBOX_BYTES.of(config),
            Options.WRITE_BYTES.of(config)),
        Options.SOCKET_WRITERS.of(config),
        new RoomLimits(
            Options.ROOMS_PER_CONNECTION.of(config),
            Options.ROOM_IDLE.of(config),
            Options.RECENT_BYTES.of(config),
            Options.JOINING.of(config),
            Options.DATABASE_POOL.of(config),
            Options.OUTBOX_BYTES.of(config)),
        Options.POLL.of(config),
        Options.HEARTBEAT.of(config),
        Options.STREAM_COMMENT.of(config),
        Options.STREAM_AGE.of(config),
        drainDelay(config),
        Options.DRAIN.of(config),
        Options.REVOCATIONS_KEPT.of(config),
        security(config),
        GuestOptions.socketIo(config),
        LimitOptions.read(config),
        EdgeOptions.read(config),
        ClusterOptions.read(config),
        ApiSettings.DEFAULTS.withTraceparent(EdgeOptions.TRACEPARENT.of(config)));
  }

  private static Database database(Config config) {
    return new Database(
        Options.DATABASE_HOST.of(config),
        Options.DATABASE_PORT.of(config),
        Options.DATABASE_NAME.of(config),
        Options.DATABASE_USER.of(config),
        Options.DATABASE_PASSWORD.of(config),
        new Tls(
            Options.DATABASE_SSL.of(config),
            Options.DATABASE_SSL_ROOT.of(config),
            Options.DATABASE_SSL_CERTIFICATE.of(config),
            Options.DATABASE_SSL_KEY.of(config)));
  }

  private static LogSettings log(Config config) {
    LogSettings usual = LogSettings.DEFAULTS;
    return new LogSettings(
        Options.WRITERS.of(config),
        Options.BATCH_EVENTS.of(config),
        Options.BATCH_BYTES.of(config),
        Options.QUEUE_EVENTS.of(config),
        usual.queueBytes(),
        Options.PUBLISH_DEADLINE.of(config),
        usual.lockTimeout(),
        usual.cachedRooms());
  }

  /** The delay of the drain; none in demo mode, which has no balancer. */
  private static Duration drainDelay(Config config) {
    String name = Options.DRAIN_DELAY.name();
    boolean set = config.getOptionalValue(name, String.class).isPresent();
    return Options.DEMO.of(config) && !set ? Duration.ZERO : Options.DRAIN_DELAY.of(config);
  }

  private static SecuritySettings security(Config config) {
    SecuritySettings settings =
        new SecuritySettings(
            orNull(Options.JWT_KEY.of(config)),
            orNull(Options.JWT_KEY_LOCATION.of(config)),
            orNull(Options.ISSUER_AUTHORITIES.of(config)),
            Options.JWT_ALGORITHM.of(config),
            orNull(Options.JWT_ISSUER.of(config)),
            Options.JWT_AUDIENCES.of(config),
            Duration.ofSeconds(Options.JWT_SKEW.of(config)),
            EdgeOptions.ORIGINS.of(config),
            EdgeOptions.CORS_CREDENTIALS.of(config),
            Options.DEMO.of(config),
            EdgeOptions.ISSUERS.of(config));
    if (!settings.hasKey() && !settings.demo()) {
      throw new IllegalArgumentException(
          Options.JWT_KEY_LOCATION.name()
              + ": no key is set, so nobody could log in (carillon.demo=true gives anyone a token,"
              + " to try it out)");
    }
    return settings;
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
