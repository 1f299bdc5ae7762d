package io.carillon.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CertificateEndTest {
  private static final String PASSWORD = "changeit";

  @TempDir private Path folder;

  /** One that nobody trusts, as a server's own may be by its loopback address. */
  @Test
  void tellsWhatIsLeftOfTheCertificateThatAPortShows() throws Exception {
    Path store = folder.resolve("key.p12");
    Path tool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    Process process =
        new ProcessBuilder(
                (tool
                        + " -genkeypair -keyalg EC -dname CN=somebody -validity 5 -storetype PKCS12"
                        + " -storepass changeit -keystore "
                        + store)
                    .split(" ", -1))
            .inheritIO()
            .start();
    assertEquals(0, process.waitFor());
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.start();
    CertificateEnd end = new CertificateEnd(server.getAddress());
    Instant over = ((X509Certificate) keys.getCertificate("mykey")).getNotAfter().toInstant();
    try {
      assertNull(end.left(Instant.EPOCH));
      end.look();
      assertEquals(Duration.ofHours(1), end.left(over.minus(Duration.ofHours(1))));
    } finally {
      server.stop(0);
    }
    // Where nobody answers any more, what was seen stays.
    end.look();
    assertEquals(Duration.ofSeconds(-1), end.left(over.plusSeconds(1)));
  }

  @Test
  void withoutAPortThereIsNothingToTell() {
    CertificateEnd end = new CertificateEnd(null);
    end.look();
    assertNull(end.left(Instant.EPOCH));
  }
}
