package io.carillon.operations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.carillon.kit.client.Texts;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The bill of materials (CycloneDX) names every library in the WAR, each under a known licence. */
final class BillOfMaterialsIT {
  private static final Set<String> LICENCES =
      Set.of("Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "EPL-2.0");

  private static final JsonObject BILL = bill();

  private static JsonObject bill() {
    try {
      return Texts.object(Files.readString(Path.of("target/bom.json")));
    } catch (IOException missing) {
      throw new AssertionError(missing);
    }
  }

  @Test
  void everyLibraryOfTheWarIsNamed() throws IOException {
    Set<String> named =
        BILL.getJsonArray("components").getValuesAs(JsonObject.class).stream()
            .map(each -> each.getString("name") + '-' + each.getString("version") + ".jar")
            .collect(Collectors.toCollection(TreeSet::new));
    Path war = Path.of("target/liberty/wlp/usr/servers/carillon/apps/carillon.war");
    try (FileSystem archive = FileSystems.newFileSystem(war);
        Stream<Path> libraries = Files.list(archive.getPath("/WEB-INF/lib"))) {
      Set<String> shipped =
          libraries
              .map(each -> each.getFileName().toString())
              .collect(Collectors.toCollection(TreeSet::new));
      assertFalse(shipped.isEmpty());
      assertEquals(named, shipped);
    }
  }

  @Test
  void everyLicenceIsAKnownOne() {
    for (JsonObject each : BILL.getJsonArray("components").getValuesAs(JsonObject.class)) {
      Set<String> licences =
          each.getJsonArray("licenses").getValuesAs(JsonObject.class).stream()
              .map(held -> held.getJsonObject("license").getString("id"))
              .collect(Collectors.toCollection(TreeSet::new));
      licences.retainAll(LICENCES);
      assertFalse(licences.isEmpty(), each::toString);
    }
  }
}
