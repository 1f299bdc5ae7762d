package io.carillon.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Writes the configuration of the server that Arquillian starts, once, before it starts: the
 * product's own {@code server.xml} with the few edits that deployment by a test tool needs, over a
 * database of its own. Inside the container it does nothing.
 */
public final class ContainerServer implements BeforeAllCallback {
  private static boolean prepared;

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    if (System.getProperty("wlp.server.name") == null) {
      prepare();
    }
  }

  private static synchronized void prepare() throws IOException {
    if (prepared) {
      return;
    }
    Path runtime = Path.of(System.getProperty("carillon.runtime", "target/liberty/wlp"));
    // The adapter looks for a server of that name on the whole machine and refuses if there is one,
    // so that two builds at a time need two names.
    String serverName = "arquillian-" + ProcessHandle.current().pid();
    Path server = runtime.toAbsolutePath().resolve("usr/servers").resolve(serverName);
    Files.createDirectories(server.resolve("dropins"));
    String product = Files.readString(Path.of("src/main/liberty/config/server.xml"));
    Files.writeString(server.resolve("server.xml"), forTests(product));
    int port = Ports.takeHttp();
    StringBuilder variables = new StringBuilder("<server>\n");
    TestDatabase.empty()
        .environment()
        .forEach((name, value) -> variables.append(variable(name, value)));
    Map.of(
            "carillon.demo",
            "true",
            "carillon.host",
            "127.0.0.1",
            "carillon.http.port",
            Integer.toString(port),
            "carillon.https.port",
            Integer.toString(port + 363))
        .forEach((name, value) -> variables.append(variable(name, value)));
    variables.append("  <keyStore id=\"defaultKeyStore\" password=\"only-a-test\"/>\n</server>\n");
    Path overrides = Files.createDirectories(server.resolve("configDropins/overrides"));
    Files.writeString(overrides.resolve("test.xml"), variables);
    System.setProperty("carillon.runtime", runtime.toAbsolutePath().toString());
    System.setProperty("carillon.arquillian.server", serverName);
    System.setProperty("carillon.arquillian.port", Integer.toString(port));
    prepared = true;
  }

  /** The product's configuration, deployable by a tool and without the product's own WAR. */
  private static String forTests(String product) {
    String text = product;
    text = edit(text, "<feature>servlet-6.1</feature>", "$0<feature>localConnector-1.0</feature>");
    text = edit(text, "dropinsEnabled=\"false\"", "dropinsEnabled=\"true\"");
    text = edit(text, "<library id=\"postgresql\">", "<library id=\"global\">");
    text = edit(text, "libraryRef=\"postgresql\"", "libraryRef=\"global\"");
    return edit(text, "(?s)<webApplication.*</webApplication>", "");
  }

  private static String edit(String text, String pattern, String replacement) {
    String edited = text.replaceAll(pattern, replacement);
    if (edited.equals(text)) {
      throw new IllegalStateException("server.xml no longer contains " + pattern);
    }
    return edited;
  }

  /** CARILLON_DATABASE_HOST is the variable carillon.database.host. */
  private static String variable(String name, String value) {
    return "  <variable name=\"%s\" value=\"%s\"/>%n"
        .formatted(name.toLowerCase(Locale.ROOT).replace('_', '.'), value);
  }
}
