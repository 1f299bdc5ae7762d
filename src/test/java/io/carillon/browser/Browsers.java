package io.carillon.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The installed Chromium, started once for all tests of this JVM; ends with it. */
final class Browsers {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome");
  private static final List<Path> PLACES =
      List.of(
          Path.of("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
          Path.of("/Applications/Chromium.app/Contents/MacOS/Chromium"));

  /** For what should be there in a moment, on a machine that is busy with other things. */
  private static final double PATIENCE_MS = 15_000;

  private Browsers() {}

  /** The browser; the test is given up, with the reason, on a machine that has none. */
  static Browser chromium() {
    Assumptions.assumeTrue(executable().isPresent(), "no Chromium is installed on this machine");
    return Started.BROWSER;
  }

  /** Where it is: {@code -Dcarillon.browser}, else on the path, else in the usual places. */
  static Optional<Path> executable() {
    String given = System.getProperty("carillon.browser");
    if (given != null) {
      return Optional.of(Path.of(given));
    }
    Stream<Path> onPath =
        Stream.of(
                Optional.ofNullable(System.getenv("PATH"))
                    .orElse("")
                    .split(java.io.File.pathSeparator))
            .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)));
    return Stream.concat(onPath, PLACES.stream()).filter(Files::isExecutable).findFirst();
  }

  private static final class Started {
    private static final Browser BROWSER = start();

    private static Browser start() {
      PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MS);
      // Nothing is ever downloaded: the driver comes with the build, the browser is the machine's.
      Playwright playwright =
          Playwright.create(
              new Playwright.CreateOptions()
                  .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
      return playwright
          .chromium()
          .launch(
              new BrowserType.LaunchOptions()
                  .setExecutablePath(executable().orElseThrow())
                  .setChromiumSandbox(!"root".equals(System.getProperty("user.name"))));
    }
  }
}
