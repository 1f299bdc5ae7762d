package io.carillon.security;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Settings of what a request may say of its way here.
 *
 * @param trustedProxies {@code carillon.trusted.proxies}: who is believed
 * @param allowedHosts {@code carillon.allowed.hosts}: names, in lower case, that the server answers
 *     to; empty: to all
 * @param httpsOnly {@code carillon.https.only}: whether plain http is refused
 * @param httpPort our own port of http
 * @param httpsPort our own port of https
 */
public record EdgeSettings(
    TrustedProxies trustedProxies,
    Set<String> allowedHosts,
    boolean httpsOnly,
    int httpPort,
    int httpsPort) {
  /** Copies. */
  public EdgeSettings {
    allowedHosts =
        allowedHosts.stream()
            .map(host -> host.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
  }
}
