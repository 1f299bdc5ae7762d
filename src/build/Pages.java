import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes one script of the modules of each page, and one style of its styles: on their own they are
 * twenty requests. Each module becomes a function that is called once and gives what it exports, so
 * names of two modules never meet; the client stays a file of its own, which all pages share.
 *
 * <p>The modules stay beside it, to be read. It knows the JavaScript that is written there, and
 * stops at what it does not know: default exports, renamed imports, cycles.
 */
final class Pages {
  private static final Pattern IMPORT =
      Pattern.compile("^import (\\{[^}]*\\}) from '([^']+)';\\n", Pattern.MULTILINE);
  private static final Pattern EXPORT =
      Pattern.compile(
          "^export ((?:async )?(?:class|function\\*?|const|let) (\\w+))", Pattern.MULTILINE);
  private static final Pattern COMMENT =
      Pattern.compile("^\\s*(?:/\\*(?s:.*?)\\*/|//.*)\\n", Pattern.MULTILINE);
  private static final Pattern SCRIPT =
      Pattern.compile("<script src=\"([^\"]+)\" type=\"module\"></script>");
  private static final Pattern PRELOAD =
      Pattern.compile(" *<link rel=\"modulepreload\" href=\"([^\"]+)\">\\n");
  private static final Pattern STYLE =
      Pattern.compile(" *<link rel=\"stylesheet\" href=\"([^\"]+)\">\\n");
  private static final String CLIENT = "carillon.js";

  private final Path sources;
  private final Map<Path, String> modules = new LinkedHashMap<>();
  private final Set<Path> reading = new LinkedHashSet<>();
  private final Set<String> ofTheClient = new TreeSet<>();

  private Pages(Path sources) {
    this.sources = sources;
  }

  /** Writes what stands in the WAR in place of the pages in {@code sources}. */
  static void write(Path sources, Path target) throws IOException {
    List<Path> pages;
    try (var files = Files.walk(sources)) {
      pages = files.filter(file -> file.endsWith("index.html")).sorted().toList();
    }
    for (Path page : pages) {
      String html = Files.readString(page);
      Matcher script = SCRIPT.matcher(html);
      if (script.find()) {
        new Pages(sources).write(page, html, script.group(1), target);
      }
    }
  }

  private void write(Path page, String html, String script, Path target) throws IOException {
    Path entry = page.resolveSibling(script).normalize();
    String main = imported(entry);
    StringBuilder all = new StringBuilder();
    if (!ofTheClient.isEmpty()) {
      all.append("import { %s } from '../%s';\n".formatted(String.join(", ", ofTheClient), CLIENT));
    }
    modules.values().forEach(all::append);
    all.append(main);
    put(target.resolve(sources.relativize(entry)), all.toString());

    StringBuilder styles = new StringBuilder();
    Matcher style = STYLE.matcher(html);
    while (style.find()) {
      styles.append(squeezed(Files.readString(page.resolveSibling(style.group(1)))));
    }
    Path sheet = entry.resolveSibling("all.css");
    put(target.resolve(sources.relativize(sheet)), styles.toString());
    String link =
        "  <link rel=\"stylesheet\" href=\"%s\">\n"
            .formatted(page.getParent().relativize(sheet).toString().replace('\\', '/'));
    String shorter =
        STYLE
            .matcher(html)
            .replaceFirst(Matcher.quoteReplacement("<all>"))
            .replaceAll(STYLE.pattern(), "")
            .replace("<all>", link);
    Matcher preload = PRELOAD.matcher(shorter);
    put(
        target.resolve(sources.relativize(page)),
        preload.replaceAll(
            each -> each.group(1).endsWith(CLIENT) ? Matcher.quoteReplacement(each.group()) : ""));
  }

  private static void put(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /** Reads a module after those that it imports; its code, with theirs taken from their names. */
  private String imported(Path module) throws IOException {
    if (!reading.add(module)) {
      throw new IOException(module + " imports itself, by way of others");
    }
    StringBuilder taken = new StringBuilder();
    String text = COMMENT.matcher(Files.readString(module)).replaceAll("");
    Matcher imports = IMPORT.matcher(text);
    while (imports.find()) {
      String names = imports.group(1);
      Path other = module.resolveSibling(imports.group(2)).normalize();
      if (names.contains(" as ")) {
        throw new IOException(module + " renames what it imports");
      }
      if (other.equals(sources.resolve(CLIENT))) {
        for (String name : names.replaceAll("[{}\\s]", "").split(",", -1)) {
          ofTheClient.add(name);
        }
      } else {
        if (!modules.containsKey(other)) {
          modules.put(other, wrapped(other, imported(other)));
        }
        taken.append("const %s = %s;\n".formatted(names, name(other)));
      }
    }
    reading.remove(module);
    String code = imports.replaceAll("");
    if (code.lines().anyMatch(line -> line.startsWith("import "))) {
      throw new IOException(module + " has an import that is not known here");
    }
    return taken + code;
  }

  private String wrapped(Path module, String code) throws IOException {
    List<String> names = new ArrayList<>();
    Matcher exports = EXPORT.matcher(code);
    while (exports.find()) {
      names.add(exports.group(2));
    }
    String plain = exports.replaceAll("$1");
    if (plain.lines().anyMatch(line -> line.startsWith("export "))) {
      throw new IOException(module + " has an export that is not known here");
    }
    return "const %s = (() => {\n%sreturn { %s };\n})();\n"
        .formatted(name(module), plain, String.join(", ", names));
  }

  private String name(Path module) {
    return "of_" + sources.relativize(module).toString().replaceAll("\\W", "_");
  }

  private static String squeezed(String css) {
    return css.replaceAll("(?s)/\\*.*?\\*/\\s*", "");
  }
}
