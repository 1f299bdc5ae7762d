package io.carillon.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.sun.net.httpserver.HttpsServer;
import io.carillon.kit.TlsStore;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CertificateEndTest {
  @TempDir private Path folder;

  /** One that nobody trusts, as a server's own may be by its loopback address. */
  @Test
  void tellsWhatIsLeftOfTheCertificateThatAPortShows() throws Exception {
    TlsStore store = new TlsStore(folder.resolve("key.p12"));
    store.keytool("-genkeypair", "-keyalg", "EC", "-dname", "CN=somebody", "-validity", "5");
    HttpsServer server = store.server();
    server.start();
    CertificateEnd end = new CertificateEnd(server.getAddress());
    Instant over =
        ((X509Certificate) store.load().getCertificate("mykey")).getNotAfter().toInstant();
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
