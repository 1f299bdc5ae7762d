package io.carillon.transport.duplex;

import io.carillon.protocol.ProtocolRegistry;
import io.carillon.transport.poll.PollServlet;
import io.carillon.transport.poll.Polls;
import io.carillon.transport.poll.SeparatedPacking;
import jakarta.inject.Inject;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.annotation.WebListener;
import java.util.UUID;
import java.util.concurrent.Executor;

/** Polls at the paths of all protocols, in an application that is deployed by a test. */
@WebListener
public class PollDeployment implements ServletContextListener {
  @Inject Links links;
  @Inject ProtocolRegistry protocols;
  @Inject Executor threads;

  @Override
  public void contextInitialized(ServletContextEvent event) {
    Polls polls =
        new Polls(links, threads, () -> UUID.randomUUID().toString(), System::nanoTime, 100);
    ServletRegistration.Dynamic servlet =
        event
            .getServletContext()
            .addServlet(
                "polls", new PollServlet(polls, protocols, new SeparatedPacking(), threads));
    servlet.setAsyncSupported(true);
    servlet.addMapping("/ws", "/echo/*");
  }
}
