package io.carillon.security;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Source of the public keys: the settings alone, never a header or a claim of a token. A local key
 * is read once, at the start, and a bad one stops the start; a remote set is fetched by {@link
 * IssuerKeys}.
 */
final class KeySource {
  private static final int MAX_BYTES = 256 * 1024;
  private static final int TIMEOUT_MILLIS = 2000;

  private KeySource() {}

  static JWKSource<SecurityContext> of(SecuritySettings settings, JWSAlgorithm algorithm) {
    String text = settings.publicKey();
    String location = settings.publicKeyLocation();
    try {
      if (text != null) {
        return new ImmutableJWKSet<>(parse(text, algorithm));
      }
      if (location == null) {
        throw new IllegalArgumentException("no key is set");
      }
      if (location.startsWith("http://") || location.startsWith("https://")) {
        IssuerTrust trust = new IssuerTrust(settings.issuerAuthorities());
        return remote(URI.create(location).toURL(), trust);
      }
      return new ImmutableJWKSet<>(parse(read(location), algorithm));
    } catch (IOException | ParseException | GeneralSecurityException e) {
      throw new IllegalArgumentException("mp.jwt.verify.publickey(.location) is no usable key", e);
    }
  }

  /** Reads PEM (key or certificate), a JWK, a JWK set, or either of them in base64. */
  static JWKSet parse(String text, JWSAlgorithm algorithm)
      throws ParseException, GeneralSecurityException {
    String trimmed = text.strip();
    if (trimmed.startsWith("{")) {
      return trimmed.contains("\"keys\"") ? JWKSet.parse(trimmed) : new JWKSet(JWK.parse(trimmed));
    }
    if (trimmed.contains("-----BEGIN CERTIFICATE-----")) {
      var in = new ByteArrayInputStream(trimmed.getBytes(StandardCharsets.US_ASCII));
      return set(
          CertificateFactory.getInstance("X.509").generateCertificate(in).getPublicKey(),
          algorithm);
    }
    String body = trimmed.replaceAll("-----(BEGIN|END) PUBLIC KEY-----", "").replaceAll("\\s", "");
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(body.replace('-', '+').replace('_', '/'));
    } catch (IllegalArgumentException notBase64) {
      throw new ParseException("neither PEM nor JSON nor base64", 0);
    }
    if (bytes.length > 0 && bytes[0] == '{') {
      return parse(new String(bytes, StandardCharsets.UTF_8), algorithm);
    }
    String family = JWSAlgorithm.Family.EC.contains(algorithm) ? "EC" : "RSA";
    return set(
        KeyFactory.getInstance(family).generatePublic(new X509EncodedKeySpec(bytes)), algorithm);
  }

  private static JWKSet set(PublicKey key, JWSAlgorithm algorithm) throws ParseException {
    if (key instanceof RSAPublicKey rsa) {
      return new JWKSet(new RSAKey.Builder(rsa).algorithm(algorithm).build());
    }
    if (key instanceof ECPublicKey ec) {
      Curve curve = Curve.forECParameterSpec(ec.getParams());
      return new JWKSet(new ECKey.Builder(curve, ec).algorithm(algorithm).build());
    }
    throw new ParseException("neither an RSA nor an EC key", 0);
  }

  private static JWKSource<SecurityContext> remote(URL address, IssuerTrust trust) {
    return new IssuerKeys(() -> fetch(address, trust), System::nanoTime);
  }

  private static JWKSet fetch(URL address, IssuerTrust trust) throws IOException, ParseException {
    var retriever =
        new DefaultResourceRetriever(
            TIMEOUT_MILLIS, TIMEOUT_MILLIS, MAX_BYTES, true, trust.sockets());
    return JWKSet.parse(retriever.retrieveResource(address).getContent());
  }

  private static String read(String location) throws IOException {
    if (location.startsWith("file:")) {
      return read(Path.of(URI.create(location)));
    }
    String name = location.startsWith("classpath:") ? location.substring(10) : location;
    try (InputStream in = resource(name)) {
      if (in != null) {
        return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
      }
    }
    return read(Path.of(location));
  }

  private static @Nullable InputStream resource(String name) {
    String path = name.startsWith("/") ? name.substring(1) : name;
    ClassLoader loader = KeySource.class.getClassLoader();
    return loader == null ? null : loader.getResourceAsStream(path);
  }

  private static String read(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException("larger than " + MAX_BYTES + " bytes");
    }
    return Files.readString(file);
  }
}
