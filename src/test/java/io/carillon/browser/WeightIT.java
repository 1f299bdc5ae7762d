package io.carillon.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Request;
import com.microsoft.playwright.options.Sizes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a page costs whoever comes for the first time: requests and bytes until it is live. */
final class WeightIT extends TwoVisitors {
  private static final int REQUESTS = 12;

  @ParameterizedTest
  @CsvSource({
    "'', 80",
    "chat/, 80",
    "together/, 80",
    "notifications/, 80",
    "dashboard/, 80",
    "console/, 80",
    "docs/, 80",
    "reference/, 80"
  })
  void aPageIsLight(String path, int kilobytes) {
    List<Request> asked = new ArrayList<>();
    List<Request> finished = new ArrayList<>();
    ann.page().onRequest(asked::add);
    ann.page().onRequestFinished(finished::add);
    ann.page().navigate(ann.door().origin() + "/" + path + "?as=ann");
    if (ann.find("#link").count() > 0) {
      ann.awaitLive();
    } else if (ann.find("#status").count() > 0) {
      assertThat(ann.find("#status[data-state=live]")).hasCount(1);
    } else {
      assertThat(ann.find("h1").first()).isVisible();
    }
    List<Request> fresh = asked.stream().filter(WeightIT::isFile).toList();
    long bytes =
        // Asking for sizes lets further requests end.
        List.copyOf(finished).stream()
            .filter(WeightIT::isFile)
            .map(Request::sizes)
            .mapToLong(WeightIT::bytes)
            .sum();
    System.out.printf(
        "| /%s | %d | %d | %.1f |%n", path, fresh.size(), asked.size() - fresh.size(), bytes / 1e3);
    List<String> names = fresh.stream().map(Request::url).toList();
    assertTrue(fresh.size() <= REQUESTS, () -> names.size() + " files: " + names);
    assertTrue(bytes <= kilobytes * 1000L, () -> bytes + " bytes: " + names);
  }

  /** Not what the page then asks of the API, which depends on what there is. */
  private static boolean isFile(Request request) {
    return !request.url().contains("/api/") && !request.url().contains("/openapi");
  }

  private static long bytes(Sizes sizes) {
    return (long) sizes.responseBodySize + sizes.responseHeadersSize;
  }
}
