package io.carillon.operations;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** One certificate for this machine, its key, and both in a key store, made by the JDK's tool. */
final class Authority {
  static final String PASSWORD = "changed-it";

  private final Path folder;
  private final KeyStore store = KeyStore.getInstance("PKCS12");

  Authority(Path folder) throws IOException, GeneralSecurityException, InterruptedException {
    this(folder, "localhost");
  }

  /** The same for somebody else, by this common name. */
  Authority(Path folder, String name)
      throws IOException, GeneralSecurityException, InterruptedException {
    this.folder = Files.createDirectory(folder);
    Shell.openToOthers(folder);
    Shell.run(
        List.of(
            Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
            "-genkeypair",
            "-alias",
            "default",
            "-keyalg",
            "RSA",
            "-keysize",
            "2048",
            "-dname",
            "CN=" + name,
            "-ext",
            "san=dns:localhost,ip:127.0.0.1",
            "-validity",
            "30",
            "-storetype",
            "PKCS12",
            "-keystore",
            keyStore().toString(),
            "-storepass",
            PASSWORD),
        Map.of());
    try (InputStream in = Files.newInputStream(keyStore())) {
      store.load(in, PASSWORD.toCharArray());
    }
    Files.setPosixFilePermissions(keyStore(), PosixFilePermissions.fromString("rw-r--r--"));
    pem(certificate(), "CERTIFICATE", store.getCertificate("default").getEncoded());
    pem(key(), "PRIVATE KEY", store.getKey("default", PASSWORD.toCharArray()).getEncoded());
    Files.setPosixFilePermissions(key(), PosixFilePermissions.fromString("rw-------"));
  }

  Path keyStore() {
    return folder.resolve("key.p12");
  }

  Path certificate() {
    return folder.resolve("certificate.pem");
  }

  Path key() {
    return folder.resolve("key.pem");
  }

  /** Trusts nothing but this certificate. */
  SSLContext trustingOnlyThis() throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("it", store.getCertificate("default"));
    TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  private static void pem(Path file, String kind, byte[] bytes) throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    Files.writeString(
        file, "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n");
  }
}
