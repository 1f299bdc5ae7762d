package io.carillon.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.carillon.core.Identity;
import io.carillon.core.Right;
import io.carillon.core.RoomName;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The signer of {@code docs/tokens.md}, as it stands there, makes tokens that are good. */
class TokensPageIT {
  @TempDir private Path folder;

  @Test
  void theSignerOfTheDocument() throws Exception {
    assumeTrue(has("bash") && has("openssl"), "needs bash and openssl");
    String page = Files.readString(Path.of("docs/tokens.md"));
    String make =
        "openssl genrsa -out key.pem 2048; openssl rsa -in key.pem -pubout -out public.pem";
    assertTrue(page.contains('`' + make + '`'));
    int begin = page.indexOf("sign() {");
    String function = page.substring(begin, page.indexOf("```", begin));
    run(make);
    String token = run(function + "sign alice '{\"orders:*\":[\"read\",\"write\"]}'").strip();
    SecuritySettings settings =
        new SecuritySettings(
            null,
            folder.resolve("public.pem").toString(),
            null,
            "RS256",
            "https://login.example.com/",
            Set.of("carillon"),
            SecuritySettings.DEFAULT_CLOCK_SKEW,
            Set.of(),
            false,
            false);
    Identity identity =
        new TokenCredentials(
                settings,
                Tokens.secrets(),
                new RevocationList(Tokens.noRevocations(), Tokens.KEPT, Tokens.noBans()),
                new SecureRandom(),
                Clock.systemUTC())
            .verify(token);
    assertEquals("alice", identity.user());
    assertTrue(identity.grants().allow(Right.WRITE, new RoomName("orders:42")));
    assertTrue(!identity.grants().allow(Right.WRITE, new RoomName("chat:lobby")));
  }

  private static boolean has(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
  }

  private String run(String script) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(List.of("bash", "-euo", "pipefail", "-c", script))
            .directory(folder.toFile())
            .redirectError(folder.resolve("errors").toFile())
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), () -> script);
    return said;
  }
}
