package io.carillon.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import io.carillon.guests.NpmFolder;
import io.carillon.kit.AtLength;
import io.carillon.kit.NodeProcess;
import io.carillon.kit.client.Calls;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Pages that Vite, Next.js and Angular have built of the package, opened in a browser: each is
 * live, shows what was published before and what is published while it is open. Next.js renders its
 * page on the server of the build first, and Angular checks the types; these two fetch 600 MB of
 * packages, so they are built only with {@code -Dcarillon.at.length=true}.
 */
final class BundlersIT {
  private final String room = "orders:" + UUID.randomUUID();
  private final FrontDoor door = BrowserStage.shared().door(0);
  private Visitor ann;

  @BeforeAll
  static void aBrowser() {
    Browsers.chromium();
  }

  @BeforeEach
  void visitor() {
    ann = Visitor.signedIn(door, "ann");
  }

  @AfterEach
  void leave() {
    ann.close();
  }

  @Test
  void vite() throws Exception {
    judge("vite", "dist", "node_modules/vite/bin/vite.js", "build");
  }

  @Test
  @AtLength
  void next() throws Exception {
    judge("next", "out", "node_modules/next/dist/bin/next", "build");
  }

  @Test
  @AtLength
  void angular() throws Exception {
    judge("angular", "dist", "node_modules/@angular/cli/bin/ng.js", "build");
  }

  private void judge(String guest, String built, String... build) throws Exception {
    Path project = NpmFolder.withClient(guest);
    Map<String, String> quiet =
        Map.of("NEXT_TELEMETRY_DISABLED", "1", "NG_CLI_ANALYTICS", "false", "CI", "true");
    NodeProcess.Result result = NodeProcess.run(project, quiet, build);
    assertEquals(0, result.code(), result::output);
    serve(guest, project.resolve(built));
    try (HttpClient http = HttpClient.newHttpClient()) {
      Calls bob = BrowserStage.shared().calls(http, "bob");
      bob.publish(room, "order.shipped", "{\"parcel\":1}");
      Page page = ann.page();
      page.navigate(door.origin() + "/" + guest + "/#" + room);
      assertThat(page.locator("#state")).hasText("live");
      assertThat(page.locator("#events li")).hasText(new String[] {"1"});
      bob.publish(room, "order.shipped", "{\"parcel\":2}");
      assertThat(page.locator("#events li")).hasText(new String[] {"1", "2"});
    }
    assertEquals(List.of(), ann.complaints());
  }

  private void serve(String guest, Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        door.serve("/" + guest + "/" + folder.relativize(file), file);
      }
    }
    door.serve("/" + guest + "/", folder.resolve("index.html"));
  }
}
