package io.carillon.bootstrap;

import io.carillon.security.EdgeSettings;
import io.carillon.security.FurtherIssuer;
import io.carillon.security.TrustedProxies;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.config.Config;

/** Part of the list of settings that is about the way here; see {@link Options#ALL}. */
final class EdgeOptions {
  static final Option<Set<String>> ORIGINS =
      Option.list(
          "carillon.allowed.origins", "Other origins whose pages may call, and use the cookie");
  static final Option<Boolean> CORS_CREDENTIALS =
      Option.flag("carillon.cors.credentials", false, "Whether CORS lets those pages send cookies");
  static final Option<List<FurtherIssuer>> ISSUERS =
      new Option<>(
          "carillon.issuers",
          "",
          "Further issuers with keys of their own, each as name\\|issuer\\|location of the keys;"
              + " their users are called name:subject",
          text -> Option.readList(text).stream().map(FurtherIssuer::parse).toList());
  static final Option<TrustedProxies> TRUSTED =
      new Option<>(
          "carillon.trusted.proxies",
          "127.0.0.0/8,::1",
          "Addresses and networks of proxies that are believed when they say who a client is"
              + " (Forwarded, X-Forwarded-For) and by which scheme it came (X-Forwarded-Proto)",
          text -> new TrustedProxies(Option.readList(text)));
  static final Option<Set<String>> HOSTS =
      Option.list(
          "carillon.allowed.hosts",
          "Names that the server answers to (Host, without the port); all if empty");
  static final Option<Boolean> HTTPS_ONLY =
      Option.flag(
          "carillon.https.only",
          false,
          "Whether plain http is refused: pages are redirected, calls and sockets get 403");
  static final Option<Integer> HTTPS_PORT =
      Option.number("carillon.https.port", 9443, -1, 65535, "The HTTPS port; -1: none");

  static final Option<Boolean> TRACEPARENT =
      Option.flag(
          "carillon.publish.traceparent",
          false,
          "Whether an event keeps the traceparent of the HTTP call that publishes it, in its meta");

  /** Read by the container alone. */
  private static final Option<String> MANAGEMENT_HOST =
      Option.text(
          "carillon.management.host",
          "127.0.0.1",
          "With deploy/own-port.xml: the address at which health and metrics are");

  private static final Option<Integer> MANAGEMENT_PORT =
      Option.number(
          "carillon.management.port",
          9081,
          1,
          65535,
          "With deploy/own-port.xml: the port at which health and metrics are, and nothing else");

  static final List<Option<?>> ALL =
      List.of(
          ISSUERS,
          ORIGINS,
          CORS_CREDENTIALS,
          HTTPS_PORT,
          TRUSTED,
          HOSTS,
          HTTPS_ONLY,
          TRACEPARENT,
          MANAGEMENT_HOST,
          MANAGEMENT_PORT);

  private EdgeOptions() {}

  static EdgeSettings read(Config config) {
    return new EdgeSettings(
        TRUSTED.of(config),
        HOSTS.of(config),
        HTTPS_ONLY.of(config),
        Options.HTTP_PORT.of(config),
        HTTPS_PORT.of(config));
  }
}
