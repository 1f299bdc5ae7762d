import java.net.InetSocketAddress;
import org.cometd.server.BayeuxServerImpl;
import org.cometd.server.websocket.jetty.JettyWebSocketTransport;
import org.eclipse.jetty.server.Context;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** CometD as it comes: whoever is in a channel gets what is published to it. */
public final class Bayeux {
  private Bayeux() {}

  /**
   * Serves on the loopback address until the process is ended.
   *
   * @param words the port
   */
  public static void main(String[] words) throws Exception {
    Server server = new Server(new InetSocketAddress("127.0.0.1", Integer.parseInt(words[0])));
    ContextHandler context = new ContextHandler("/");
    server.setHandler(context);
    context.setHandler(WebSocketUpgradeHandler.from(server, context));
    BayeuxServerImpl bayeux = new BayeuxServerImpl();
    bayeux.setOption(Context.class.getName(), context.getContext());
    bayeux.setOption("ws.cometdURLMapping", "/cometd");
    bayeux.addTransport(new JettyWebSocketTransport(bayeux));
    bayeux.setAllowedTransports("websocket");
    // Started with the context, after its container of sockets and before anybody may connect.
    context.addBean(bayeux);
    server.start();
    server.join();
  }
}
