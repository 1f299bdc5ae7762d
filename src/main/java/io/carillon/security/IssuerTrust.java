package io.carillon.security;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Certificate authorities that vouch for the issuer: those of a file and no others, or, without
 * one, those of the JDK. Never those of the container: its key store holds its own identity. Both
 * are read anew for each fetch, so a renewed file needs no restart.
 */
final class IssuerTrust {
  private final @Nullable Path authorities;

  /**
   * Reads the file once, to know that it can be read.
   *
   * @throws IllegalArgumentException if it is no file of certificates
   */
  IssuerTrust(@Nullable String authorities) {
    this.authorities = authorities == null ? null : Path.of(authorities);
    if (this.authorities != null) {
      try {
        context(this.authorities);
      } catch (IOException | GeneralSecurityException unreadable) {
        throw new IllegalArgumentException(
            "carillon.issuer.sslrootcert holds no certificates that can be read", unreadable);
      }
    }
  }

  /** Makes the sockets of one fetch. */
  SSLSocketFactory sockets() throws IOException {
    try {
      return context(authorities).getSocketFactory();
    } catch (GeneralSecurityException unusable) {
      throw new IOException("no TLS to the issuer", unusable);
    }
  }

  /** A null is what the JDK trusts for a {@link TrustManagerFactory} too. */
  private static SSLContext context(@Nullable Path file)
      throws IOException, GeneralSecurityException {
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(file == null ? null : store(file));
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  private static KeyStore store(Path file) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(file)) {
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("authority" + store.size(), each);
      }
    }
    if (store.size() == 0) {
      throw new GeneralSecurityException("no certificate in the file");
    }
    return store;
  }
}
