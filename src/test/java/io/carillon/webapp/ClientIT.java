package io.carillon.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.Cluster;
import io.carillon.kit.NodeProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JavaScript client: its own tests, its types, its size, its package, and a real server. */
final class ClientIT {
  private static final Path TESTS = Path.of("src/test/js");
  private static final Path BUILT = Path.of("target/client/carillon.js");
  private static final Path PACKAGE = Path.of("target/npm");
  private static final int MOST_BYTES = 12_000;

  @Test
  void itsOwnTestsOnTheModules() throws Exception {
    node(Path.of("."), Map.of(), tests());
  }

  @Test
  void itsOwnTestsOnTheOneFileThatIsServed() throws Exception {
    String file = BUILT.toAbsolutePath().toUri().toString();
    node(Path.of("."), Map.of("CARILLON_CLIENT", file, "SEEDS", "5"), tests());
  }

  @Test
  void theTypesAreThoseOfTheCode(@TempDir Path folder) throws Exception {
    Path compiler = unpackTypeScript(folder);
    String project = TESTS.resolve("tsconfig.json").toString();
    node(Path.of("."), Map.of(), compiler.toString(), "--project", project);
  }

  @Test
  void whatIsServedIsOneSmallFile() throws IOException {
    ByteArrayOutputStream small = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(small)) {
      out.write(Files.readAllBytes(BUILT));
    }
    assertTrue(small.size() <= MOST_BYTES, small.size() + " bytes");
    try (JarFile war = new JarFile(System.getProperty("carillon.war", "target/carillon.war"));
        InputStream served = war.getInputStream(war.getJarEntry("carillon.js"))) {
      String text = new String(served.readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(Files.readString(BUILT), text);
      assertEquals(-1, text.indexOf("import "), "it needs nothing else");
    }
  }

  @Test
  void thePackageIsCompleteAndCanBeImportedByItsName(@TempDir Path folder) throws Exception {
    Path installed = folder.resolve("node_modules/carillon-client");
    TreeSet<String> files = new TreeSet<>();
    try (Stream<Path> all = Files.walk(PACKAGE)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = PACKAGE.relativize(file).toString();
        files.add(name.replaceFirst("/.*", ""));
        Files.createDirectories(installed.resolve(name).getParent());
        Files.copy(file, installed.resolve(name));
      }
    }
    TreeSet<String> expected =
        new TreeSet<>(List.of("LICENSE", "README.md", "package.json", "src"));
    for (String module : List.of("carillon", "offline", "react", "shared")) {
      for (String kind : List.of("js", "cjs", "d.ts", "d.cts")) {
        expected.add(module + '.' + kind);
      }
    }
    for (String part : List.of("calls", "hub", "tunnel", "world")) {
      expected.addAll(List.of("shared-" + part + ".js", "shared-" + part + ".cjs"));
    }
    assertEquals(expected, files);
    Files.writeString(
        folder.resolve("use.mjs"),
        """
        import assert from 'node:assert';
        import { existsSync } from 'node:fs';
        import { createRequire } from 'node:module';
        import { Carillon, CarillonError } from 'carillon-client';
        const about = createRequire(import.meta.url)('carillon-client/package.json');
        assert.match(about.version, /^\\d+\\.\\d+\\.\\d+(-\\w+)?$/);
        const require = createRequire(import.meta.url);
        for (const file of [about.main, about.types, ...about.files]) {
          assert.ok(existsSync(`node_modules/carillon-client/${file}`), file);
        }
        assert.equal(typeof require('carillon-client').Carillon, 'function');
        assert.equal(typeof require('carillon-client/offline').OfflineQueue.open, 'function');
        const { SharedCarillon } = require('carillon-client/shared');
        assert.ok(new SharedCarillon('http://127.0.0.1:9/', { user: 'ann', autoConnect: false }));
        const carillon = new Carillon('http://127.0.0.1:9/', { transports: ['poll'] });
        const refused = carillon.room('a').publish('x', 1);
        carillon.close();
        await assert.rejects(refused, (error) => error instanceof CarillonError);
        """);
    node(folder, Map.of(), "use.mjs");
  }

  @Test
  void overEachTransportAgainstRealServers() throws Exception {
    String[] servers =
        Cluster.shared().servers().stream()
            .map(server -> server.uri("/").toString())
            .toArray(String[]::new);
    String script = TESTS.resolve("server/conformance.js").toString();
    node(Path.of("."), Map.of(), script, servers[0], servers[1]);
  }

  private static String[] tests() throws IOException {
    try (Stream<Path> files = Files.list(TESTS)) {
      return Stream.concat(
              Stream.of("--test", "--test-reporter=dot"),
              files.map(Path::toString).filter(name -> name.endsWith(".test.js")).sorted())
          .toArray(String[]::new);
    }
  }

  private static void node(Path folder, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    NodeProcess.Result result = NodeProcess.run(folder, environment, arguments);
    assertEquals(0, result.code(), result::output);
  }

  /** Copies the compiler and the types of the platform out of their jar. */
  private static Path unpackTypeScript(Path folder) throws IOException, URISyntaxException {
    String known = "META-INF/resources/webjars/typescript/";
    URI place = ClientIT.class.getClassLoader().getResource(known).toURI();
    String jar = place.getSchemeSpecificPart().replaceAll("^file:|!.*$", "");
    try (JarFile files = new JarFile(jar)) {
      for (var entry : files.stream().toList()) {
        String name = entry.getName();
        if (name.startsWith(known) && name.matches(".*/lib/[^/]*\\.(js|d\\.ts)|.*/package.json")) {
          String path = name.substring(known.length()).replaceFirst("^[^/]+/", "");
          Path file = folder.resolve(path);
          Files.createDirectories(file.getParent());
          try (InputStream in = files.getInputStream(entry)) {
            Files.copy(in, file);
          }
        }
      }
    }
    return folder.resolve("lib/tsc.js");
  }
}
