import java.net.InetSocketAddress;
import org.cometd.bayeux.server.BayeuxServer;
import org.cometd.server.BayeuxServerImpl;
import org.cometd.server.http.JSONHttpTransport;
import org.cometd.server.http.jakarta.CometDServlet;
import org.cometd.server.websocket.jetty.JettyWebSocketTransport;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Context;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** CometD as it comes: whoever is in a channel gets what is published to it. */
public final class Bayeux {
  private static final String PATH = "/cometd";

  private Bayeux() {}

  /**
   * Serves on the loopback address until the process is ended.
   *
   * @param words the port
   */
  public static void main(String[] words) throws Exception {
    Server server = new Server(new InetSocketAddress("127.0.0.1", Integer.parseInt(words[0])));
    ServletContextHandler context = new ServletContextHandler("/");
    server.setHandler(context);
    // In front of the servlets: sockets do without them.
    context.insertHandler(WebSocketUpgradeHandler.from(server, context));
    context.addServlet(CometDServlet.class, PATH + "/*").setAsyncSupported(true);
    BayeuxServerImpl bayeux = new BayeuxServerImpl();
    bayeux.setOption(Context.class.getName(), context.getContext());
    bayeux.setOption("ws.cometdURLMapping", PATH);
    bayeux.addTransport(new JettyWebSocketTransport(bayeux));
    JSONHttpTransport polls = new JSONHttpTransport(bayeux);
    // The generator keeps no cookies, and each of its readers is a browser of its own.
    polls.setOption("trustClientSession", true);
    polls.setOption("allowMultiSessionsNoBrowser", true);
    bayeux.addTransport(polls);
    bayeux.setAllowedTransports("websocket", "long-polling");
    context.setAttribute(BayeuxServer.ATTRIBUTE, bayeux);
    // Started with the context, after its container of sockets and before anybody may connect.
    context.addBean(bayeux);
    server.start();
    server.join();
  }
}
