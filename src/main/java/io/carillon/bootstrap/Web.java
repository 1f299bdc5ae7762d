package io.carillon.bootstrap;

import io.carillon.protocol.ProtocolRegistry;
import io.carillon.security.CredentialFilter;
import io.carillon.security.HeaderFilter;
import io.carillon.transport.websocket.SubprotocolFilter;
import jakarta.inject.Inject;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import java.util.EnumSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Puts the filters before everything else, in this order: door, headers, credential, sub-protocol.
 * They are made here, and not found by annotations, because the order matters.
 */
@WebListener
public class Web implements ServletContextListener {
  @Inject private @Nullable Carillon carillon;
  @Inject private @Nullable ProtocolRegistry protocols;

  @Override
  public void contextInitialized(ServletContextEvent event) {
    ServletContext context = event.getServletContext();
    Instance instance = Objects.requireNonNull(carillon).instance();
    CredentialFilter credentials =
        new CredentialFilter(
            instance.settings.security(),
            instance.credentials,
            instance.tickets,
            instance.ticketStore.passes(),
            instance.revocations,
            instance.random);
    add(context, "door", Objects.requireNonNull(carillon).door(), "/*");
    add(context, "headers", new HeaderFilter(), "/*");
    add(context, "credentials", credentials, "/ws", "/api/*");
    add(context, "subprotocols", new SubprotocolFilter(Objects.requireNonNull(protocols)), "/ws");
  }

  private static void add(ServletContext context, String name, Filter filter, String... paths) {
    FilterRegistration.Dynamic registration = context.addFilter(name, filter);
    registration.setAsyncSupported(true);
    registration.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, paths);
  }
}
