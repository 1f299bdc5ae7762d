package io.carillon.bootstrap;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * End of the certificate that this instance shows at its own HTTPS port, as clients see it,
 * whatever kind of key store it comes from. One thread looks, any thread reads.
 */
final class CertificateEnd {
  private static final System.Logger LOG = System.getLogger(CertificateEnd.class.getName());
  private static final int PATIENCE_MILLIS = 2000;

  private final @Nullable InetSocketAddress address;
  private volatile @Nullable Instant end;

  /**
   * Has seen nothing yet.
   *
   * @param address the port; null: there is none, and nothing is looked at
   */
  CertificateEnd(@Nullable InetSocketAddress address) {
    this.address = address;
  }

  /** Looks; blocks for some seconds at the most. What cannot be seen stays as it was. */
  void look() {
    if (address == null) {
      return;
    }
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Onlooker()}, null);
      try (Socket plain = new Socket()) {
        plain.connect(address, PATIENCE_MILLIS);
        plain.setSoTimeout(PATIENCE_MILLIS);
        try (SSLSocket socket =
            (SSLSocket)
                context
                    .getSocketFactory()
                    .createSocket(plain, address.getHostString(), address.getPort(), true)) {
          socket.startHandshake();
          Certificate[] chain = socket.getSession().getPeerCertificates();
          if (chain[0] instanceof X509Certificate own) {
            end = own.getNotAfter().toInstant();
          }
        }
      }
    } catch (IOException | GeneralSecurityException notSeen) {
      LOG.log(Level.DEBUG, "the own certificate could not be looked at", notSeen);
    }
  }

  /**
   * What is left of the certificate's time; negative if it is over; null if none was seen.
   *
   * @param now database time, as near as the instance knows it
   */
  @Nullable Duration left(Instant now) {
    Instant seen = end;
    return seen == null ? null : Duration.between(now, seen);
  }

  /** Takes any certificate: nothing is sent to the peer and nothing of it is used but a date. */
  private static final class Onlooker implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
