package io.carillon.operations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.carillon.kit.Cluster;
import io.carillon.kit.client.Metrics;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of {@code deploy/} name what there is, and their own programs understand them. */
final class DeployIT {
  private static final Path DEPLOY = Path.of("deploy");
  private static final Pattern SAMPLE =
      Pattern.compile("^([A-Za-z_:][A-Za-z0-9_:]*)(?:\\{(.*)\\})? .*$", Pattern.MULTILINE);
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)\\s*(?:=~|!~|!=|=)\\s*\"");

  /** A metric in an expression, and its selector. */
  private static final Pattern NAMED =
      Pattern.compile("\\b((?:carillon|cpu|memory)_[A-Za-z_]+)(?:\\{([^}]*)\\})?");

  private static final Pattern GROUPED = Pattern.compile("by \\(([^)]*)\\)");

  /** Labels that Prometheus adds. */
  private static final Set<String> ADDED = Set.of("instance", "job");

  @Test
  void everyMetricAndLabelOfAlertsAndBoardExists() throws Exception {
    Map<String, Set<String>> known = new HashMap<>();
    try (HttpClient http = HttpClient.newHttpClient()) {
      Matcher sample = SAMPLE.matcher(Metrics.of(http, Cluster.shared().server(0).uri("/")).text());
      while (sample.find()) {
        Set<String> labels = known.computeIfAbsent(sample.group(1), name -> new TreeSet<>(ADDED));
        Matcher label = LABEL.matcher(sample.group(2) == null ? "" : sample.group(2));
        while (label.find()) {
          labels.add(label.group(1));
        }
      }
    }
    List<String> expressions = expressions();
    assertTrue(expressions.size() > 25, () -> "found only " + expressions.size());
    for (String expression : expressions) {
      Set<String> labels = new TreeSet<>();
      Matcher named = NAMED.matcher(expression);
      while (named.find()) {
        Set<String> its = known.get(named.group(1));
        assertTrue(its != null, () -> named.group(1) + " is no metric, in: " + expression);
        labels.addAll(its);
        Matcher label = LABEL.matcher(named.group(2) == null ? "" : named.group(2));
        while (label.find()) {
          assertTrue(its.contains(label.group(1)), () -> label.group(1) + " in: " + expression);
        }
      }
      assertFalse(labels.isEmpty(), () -> "no metric in: " + expression);
      Matcher grouped = GROUPED.matcher(expression);
      while (grouped.find()) {
        for (String label : grouped.group(1).split("[, ]+", -1)) {
          assertTrue(labels.contains(label), () -> label + " in: " + expression);
        }
      }
    }
  }

  private static List<String> expressions() throws IOException {
    List<String> all = new ArrayList<>();
    for (JsonNode rule : yaml("prometheus-rules.yml").at("/groups/0/rules")) {
      all.add(rule.get("expr").textValue());
    }
    new ObjectMapper()
        .readTree(DEPLOY.resolve("grafana-board.json").toFile())
        .findValues("expr")
        .forEach(each -> all.add(each.textValue()));
    return all;
  }

  private static JsonNode yaml(String file) throws IOException {
    return new ObjectMapper(new YAMLFactory()).readTree(DEPLOY.resolve(file).toFile());
  }

  @Test
  void everyAlertOfTheDocumentIsARule() throws IOException {
    String rules = Files.readString(DEPLOY.resolve("prometheus-rules.yml"));
    String document = Files.readString(Path.of("docs/observability.md"));
    String table = document.substring(document.indexOf("What to alarm on"));
    Matcher named = NAMED.matcher(table.substring(0, table.indexOf("\n## ")));
    Set<String> missing = new TreeSet<>();
    while (named.find()) {
      if (!rules.contains(named.group(1))) {
        missing.add(named.group(1));
      }
    }
    assertEquals(Set.of(), missing);
  }

  @Test
  void yamlIsYaml() throws IOException {
    for (String file : List.of("traefik.yml", "traefik-carillon.yml", "compose.yml")) {
      assertFalse(yaml(file).isEmpty(), file);
    }
  }

  @Test
  void theDatabaseIsMadeAsTheDocumentSays() throws IOException {
    String block = Document.read(Path.of("docs/operations.md")).block("psql -v");
    String statements = block.substring(block.indexOf("\\getenv"));
    assertTrue(Files.readString(DEPLOY.resolve("database.sh")).contains(statements), statements);
  }

  @Test
  void prometheusUnderstandsTheRules() throws Exception {
    assumeTrue(Shell.has("promtool"), "no promtool is installed on this machine");
    String said =
        Shell.run(
            List.of("promtool", "check", "rules", DEPLOY + "/prometheus-rules.yml"), Map.of());
    assertTrue(said.contains("SUCCESS"), said);
  }

  @Test
  void systemdUnderstandsTheUnit(@TempDir Path folder) throws Exception {
    assumeTrue(Shell.has("systemd-analyze"), "no systemd-analyze is installed on this machine");
    Path unit = folder.resolve("carillon.service");
    Files.writeString(
        unit,
        Files.readString(DEPLOY.resolve("carillon.service"))
            .replace("/opt/wlp/bin/server", "/bin/true"));
    assertEquals("", Shell.run(List.of("systemd-analyze", "verify", unit.toString()), Map.of()));
  }
}
