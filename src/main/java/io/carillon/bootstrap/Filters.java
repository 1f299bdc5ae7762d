package io.carillon.bootstrap;

import io.carillon.core.limit.Limits;
import io.carillon.protocol.Protocol;
import io.carillon.protocol.ProtocolRegistry;
import io.carillon.security.AddressLimitFilter;
import io.carillon.security.ConnectLimitFilter;
import io.carillon.security.CredentialFilter;
import io.carillon.security.EdgeSettings;
import io.carillon.security.ForwardedFilter;
import io.carillon.security.FramingFilter;
import io.carillon.security.HeaderFilter;
import io.carillon.security.HostFilter;
import io.carillon.security.SecuritySettings;
import io.carillon.security.SyntaxFilter;
import io.carillon.security.UpgradeFilter;
import io.carillon.transport.websocket.SubprotocolFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Registration of the servlet filters, in the order in which they are asked. */
final class Filters {
  private static final String EVERYTHING = "/*";

  private final ServletContext context;

  Filters(ServletContext context) {
    this.context = context;
  }

  /** Those before the one that knows other origins. */
  void beforeCalls(Instance instance, ProtocolRegistry spoken, Door door, Hops hops) {
    EdgeSettings edge = instance.settings.edge();
    add("door", door, EVERYTHING);
    add("forwarded", new ForwardedFilter(edge.trustedProxies(), edge.httpsPort()), EVERYTHING);
    for (Protocol protocol : spoken.overEngineIo()) {
      add("from other instances: " + protocol.name(), hops.entrance(), patterns(protocol));
    }
    SecuritySettings security = instance.settings.security();
    // The first page of a demo plays the balancer between the instances, which let each other in.
    Set<String> reached = security.demo() ? security.allowedOrigins() : Set.of();
    add("headers", new HeaderFilter(spoken::isSocket, reached), EVERYTHING);
    add("framing", new FramingFilter(), EVERYTHING);
    HostFilter hosts =
        new HostFilter(edge, path -> path.startsWith("/api/") || spoken.isSocket(path));
    if (hosts.isNeeded()) {
      add("hosts", hosts, EVERYTHING);
    }
  }

  /** Those before the one that looks at credentials. */
  void beforeCredentials(Limits limits, ProtocolRegistry spoken, Hops hops) {
    if (limits.any()) {
      add("limits of addresses", new AddressLimitFilter(limits), EVERYTHING);
    }
    add("upgrades", new UpgradeFilter(spoken::isSocket), EVERYTHING);
    for (Protocol protocol : spoken.overEngineIo()) {
      add("to other instances: " + protocol.name(), hops.holder(protocol), patterns(protocol));
    }
  }

  /** The one that looks at credentials, at these paths. */
  void credentials(Instance instance, ProtocolRegistry spoken, List<String> guarded) {
    CredentialFilter credentials =
        new CredentialFilter(
            instance.settings.security(),
            instance.credentials,
            instance.tickets,
            instance.ticketStore.passes(),
            instance.revocations,
            instance.random,
            new CredentialFilter.PathRules(spoken::isSocket, spoken::isOpen, spoken::isPolled));
    add("credentials", credentials, guarded.toArray(String[]::new));
  }

  /** Those that know the user. */
  void afterCredentials(Limits limits, ProtocolRegistry spoken) {
    add(
        "limits of connects",
        new ConnectLimitFilter(limits, spoken::isSocket, spoken::isPolled),
        EVERYTHING);
    add("syntax", new SyntaxFilter(), EVERYTHING);
    for (String path : spoken.paths()) {
      Filter subprotocols = new SubprotocolFilter(spoken, path);
      add("subprotocols of " + path, subprotocols, pattern(path));
    }
  }

  void add(String name, Filter filter, String... paths) {
    FilterRegistration.Dynamic registration = context.addFilter(name, filter);
    registration.setAsyncSupported(true);
    registration.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, paths);
  }

  /** Patterns of all paths of a protocol. */
  static String[] patterns(Protocol protocol) {
    return protocol.paths().stream().map(Filters::pattern).toArray(String[]::new);
  }

  /** Filters know no variables in a path: all that follows is looked at. */
  static String pattern(String path) {
    int variable = path.indexOf('{');
    String fixed = variable < 0 ? path : path.substring(0, variable);
    return variable >= 0 || fixed.endsWith("/") ? fixed + '*' : fixed;
  }
}
