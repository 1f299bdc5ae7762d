package io.carillon.bootstrap;

import io.carillon.core.cluster.Neighbours;
import io.carillon.protocol.Protocol;
import io.carillon.transport.poll.HolderFilter;
import io.carillon.transport.poll.HopClient;
import io.carillon.transport.poll.HopEntrance;
import io.carillon.transport.poll.HopSeal;
import io.carillon.transport.poll.SessionNames;
import jakarta.servlet.Filter;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Puts together what hands polls from one instance to another. */
final class Hops implements Supplier<HttpClient> {
  private static final Duration CONNECT = Duration.ofSeconds(2);

  private final Instance instance;
  private final Executor patient;
  private final HopSeal seal;
  private final HopClient client;
  private @Nullable HttpClient made;

  Hops(Instance instance) {
    this.instance = instance;
    this.patient = instance.threads.virtual();
    this.seal = new HopSeal(instance.clusterKey, instance.clock);
    Neighbours neighbours = new Neighbours(this::addresses, System::nanoTime);
    this.client =
        new HopClient(
            neighbours::find,
            seal,
            this,
            instance.settings.neighbourhood().forwards(),
            HopClient.PATIENCE,
            instance.probe);
  }

  /** The filter that knows requests of other instances. */
  Filter entrance() {
    return new HopEntrance(seal);
  }

  /** The filter that hands polls of a protocol to their holders. */
  Filter holder(Protocol protocol) {
    return new HolderFilter(instance.lease.id(), protocol, client, patient, instance.probe);
  }

  /** A name for a new session that this instance holds. */
  String session() {
    return SessionNames.name(instance.lease.id(), instance.ids.secret());
  }

  private Map<String, URI> addresses() {
    Map<String, URI> addresses = new LinkedHashMap<>();
    instance
        .lease
        .instances()
        .said(InstanceLease.URL)
        .forEach(
            (id, url) -> {
              if (ClusterOptions.URL.isGood(url)) {
                addresses.put(id, URI.create(url));
              }
            });
    return addresses;
  }

  /**
   * The client, made at the first call, for it costs a thread. Of https it trusts what the JDK
   * does: the container's own default trusts its key store alone.
   */
  @Override
  public synchronized HttpClient get() {
    HttpClient known = made;
    if (known == null) {
      known =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .executor(patient)
              .connectTimeout(CONNECT)
              .followRedirects(HttpClient.Redirect.NEVER)
              .proxy(HttpClient.Builder.NO_PROXY)
              .sslContext(trusting())
              .build();
      made = known;
    }
    return known;
  }

  private static SSLContext trusting() {
    try {
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init((KeyStore) null);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has TLS", e);
    }
  }
}
