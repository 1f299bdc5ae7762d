package io.carillon.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.carillon.guests.NpmFolder;
import io.carillon.kit.Cluster;
import io.carillon.kit.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The package as a project has it that installs it: with React, a compiler and the linters. */
final class PackageIT {
  private static final Path BUILT = Path.of("target/npm");

  private Path project;

  @BeforeEach
  void install() throws Exception {
    project = NpmFolder.withClient("react");
  }

  @Test
  void hooksInStrictModeAndOnAServer() throws Exception {
    for (String condition : List.of("production", "development")) {
      node("--conditions=" + condition, "hooks.mjs", server());
    }
  }

  @Test
  void typesOfRoomsAndHooks() throws Exception {
    node("node_modules/typescript/lib/tsc.js", "--project", "tsconfig.json");
  }

  @Test
  void publintHasNothingToSay() throws Exception {
    node("node_modules/publint/src/cli.js", "--strict", "node_modules/carillon-client");
  }

  /** With any tool, however it finds a package: CommonJS and modules, old resolution and new. */
  @Test
  void everyToolFindsTheTypes() throws Exception {
    NodeProcess.Result packed =
        NodeProcess.run(
            project,
            Map.of(),
            "-e",
            "process.exitCode = require('node:child_process').spawnSync('npm',"
                + " ['pack', './node_modules/carillon-client', '--ignore-scripts'],"
                + " { stdio: 'inherit' }).status");
    assertEquals(0, packed.code(), packed::output);
    String version = Files.readString(BUILT.resolve("package.json"));
    String archive =
        "carillon-client-" + version.replaceAll("(?s).*\"version\": \"([^\"]+)\".*", "$1") + ".tgz";
    node("node_modules/@arethetypeswrong/cli/dist/index.js", archive);
  }

  private static String server() {
    return Cluster.shared().server(0).uri("/").toString();
  }

  private void node(String... arguments) throws IOException, InterruptedException {
    NodeProcess.Result result = NodeProcess.run(project, Map.of(), arguments);
    assertEquals(0, result.code(), result::output);
  }
}
