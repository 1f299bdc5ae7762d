package io.carillon.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.carillon.kit.Cluster;
import io.carillon.kit.LibertyServer;
import io.carillon.kit.client.SocketClient;
import io.carillon.kit.client.Trusting;
import java.net.InetAddress;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which suites the HTTPS port takes: those with forward secrecy and authenticated encryption. */
final class SuitesIT {
  private final LibertyServer server = Cluster.shared().server(0);

  @ParameterizedTest
  @CsvSource({
    "TLSv1.3, TLS_AES_128_GCM_SHA256",
    "TLSv1.3, TLS_CHACHA20_POLY1305_SHA256",
    "TLSv1.2, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLSv1.2, TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLSv1.2, TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"
  })
  void goodOnesAreTaken(String protocol, String suite) throws Exception {
    try (SSLSocket socket = socket(protocol, suite)) {
      socket.startHandshake();
      assertEquals(suite, socket.getSession().getCipherSuite());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "TLSv1.2, TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
    "TLSv1.2, TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
    "TLSv1.2, TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
    "TLSv1.2, TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
    "TLSv1.2, TLS_DHE_RSA_WITH_AES_128_CBC_SHA256"
  })
  void othersAreOff(String protocol, String suite) throws Exception {
    try (SSLSocket socket = socket(protocol, suite)) {
      assertThrows(SSLException.class, socket::startHandshake);
    }
  }

  private SSLSocket socket(String protocol, String suite) throws Exception {
    SSLSocket socket =
        (SSLSocket)
            Trusting.context()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), server.httpsPort());
    socket.setSoTimeout((int) SocketClient.PATIENCE.toMillis());
    socket.setEnabledProtocols(new String[] {protocol});
    socket.setEnabledCipherSuites(new String[] {suite});
    return socket;
  }
}
