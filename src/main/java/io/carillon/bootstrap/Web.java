package io.carillon.bootstrap;

import io.carillon.api.ApiSettings;
import io.carillon.api.BodyFilter;
import io.carillon.protocol.HttpApi;
import io.carillon.protocol.HttpApis;
import io.carillon.protocol.Protocol;
import io.carillon.protocol.ProtocolRegistry;
import io.carillon.security.CorsFilter;
import io.carillon.transport.calls.HttpApiServlet;
import io.carillon.transport.duplex.Links;
import io.carillon.transport.pages.PageServlet;
import io.carillon.transport.poll.EngineServlet;
import io.carillon.transport.poll.Polls;
import io.carillon.transport.websocket.EngineSockets;
import io.carillon.transport.websocket.ProtocolEndpoint;
import io.carillon.transport.websocket.Sockets;
import jakarta.inject.Inject;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.annotation.WebListener;
import jakarta.websocket.server.ServerContainer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * Registration of the servlet filters, in this order: door, forwarded, from other instances,
 * headers, hosts, CORS, addresses, upgrade, to other instances, credential, connects, syntax,
 * sub-protocol, body; and of servlets and sockets. They are made here, and not found by
 * annotations, because the order matters.
 */
@WebListener
public class Web implements ServletContextListener {
  /** What clients call over HTTP, and operators do not. */
  private static final List<String> FOR_CLIENTS =
      List.of("/api/rooms/*", "/api/events", "/api/streams", "/api/tickets", "/api/demo/token");

  /** Longest time to receive a request's body. */
  private static final Duration BODY = Duration.ofSeconds(10);

  @Inject private @Nullable Carillon carillon;
  @Inject private @Nullable ProtocolRegistry protocols;
  @Inject private @Nullable Sockets sockets;
  @Inject private @Nullable HttpApis httpApis;
  @Inject private @Nullable Links links;

  @Override
  public void contextInitialized(ServletContextEvent event) {
    ServletContext context = event.getServletContext();
    Preload.load(Preload.names(context::getResourcePaths), context.getClassLoader());
    Preload.archiveOf(Driver.class);
    Instance instance = Objects.requireNonNull(carillon).instance();
    ProtocolRegistry spoken = Objects.requireNonNull(protocols);
    Executor patient = instance.threads.virtual();
    HttpApis calls = Objects.requireNonNull(httpApis);
    List<String> called = new ArrayList<>(FOR_CLIENTS);
    spoken.paths().forEach(path -> called.add(Filters.pattern(path)));
    calls.all().stream().filter(HttpApi::guarded).forEach(c -> called.addAll(c.patterns()));
    Filters filters = new Filters(context);
    Hops hops = new Hops(instance);
    filters.beforeCalls(instance, spoken, Objects.requireNonNull(carillon).door(), hops);
    CorsFilter cors = new CorsFilter(instance.settings.security());
    filters.add("cors", cors, called.toArray(String[]::new));
    filters.beforeCredentials(instance.limits, spoken, hops);
    List<String> guarded = new ArrayList<>(List.of("/api/*"));
    spoken.paths().stream()
        .filter(spoken::isGuarded)
        .forEach(path -> guarded.add(Filters.pattern(path)));
    calls.all().stream().filter(HttpApi::guarded).forEach(c -> guarded.addAll(c.patterns()));
    filters.credentials(instance, spoken, guarded);
    filters.afterCredentials(instance.limits, spoken);
    ProtocolEndpoint.deploy(container(context), spoken, Objects.requireNonNull(sockets));
    spoken.overEngineIo().forEach(protocol -> engine(context, instance, protocol, hops));
    List<String> bodies = new ArrayList<>(List.of("/api/*"));
    for (HttpApi api : calls.all()) {
      bodies.addAll(api.patterns());
      HttpApiServlet servlet = new HttpApiServlet(api, patient, ApiSettings.DEFAULTS.bodyLimit());
      ServletRegistration.Dynamic added =
          context.addServlet("calls of " + api.patterns().getFirst(), servlet);
      added.setAsyncSupported(true);
      added.addMapping(api.patterns().toArray(String[]::new));
    }
    BodyFilter gathered = new BodyFilter(patient, ApiSettings.DEFAULTS, BODY);
    filters.add("bodies", gathered, bodies.toArray(String[]::new));
    ServletRegistration.Dynamic pages = context.addServlet("pages", new PageServlet(patient));
    pages.setAsyncSupported(true);
    pages.addMapping("", "/");
  }

  /** Polls of a protocol, and its sockets. */
  private void engine(ServletContext context, Instance instance, Protocol protocol, Hops hops) {
    Executor patient = instance.threads.virtual();
    Polls polls =
        new Polls(
            Objects.requireNonNull(links),
            patient,
            hops::session,
            System::nanoTime,
            instance.settings.connections().connections());
    EngineSockets upgrades =
        new EngineSockets(container(context), Objects.requireNonNull(sockets), hops::session);
    ServletRegistration.Dynamic servlet =
        context.addServlet(
            protocol.name(), new EngineServlet(polls, protocol, upgrades::upgrade, patient));
    servlet.setAsyncSupported(true);
    servlet.addMapping(Filters.patterns(protocol));
  }

  /** The container's own attribute; there is no other way to it before a socket is open. */
  private static ServerContainer container(ServletContext context) {
    return (ServerContainer) context.getAttribute(ServerContainer.class.getName());
  }
}
