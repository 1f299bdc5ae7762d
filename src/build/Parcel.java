import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The package for npm: the client, what is beside it, each also for those who {@code require} it,
 * and the modules as they are, for tools that take them while a page is being written.
 */
final class Parcel {
  private static final Pattern IMPORT =
      Pattern.compile("^import (\\{[^}]*\\}) from ('[^']+');$", Pattern.MULTILINE);
  private static final Pattern DECLARED =
      Pattern.compile("^export ((?:async )?(?:class|function) (\\w+))", Pattern.MULTILINE);
  private static final Pattern LISTED = Pattern.compile("export\\{([\\w,]+)\\};\\s*$");

  private Parcel() {}

  /**
   * Fills a folder.
   *
   * @param code of the client, in one file
   * @param modules that it was made of
   */
  static void make(
      Path sources, Path npm, Path folder, String version, String code, Collection<Path> modules)
      throws IOException {
    Files.createDirectories(folder);
    both(folder, "carillon", code, Files.readString(sources.resolve("carillon.d.ts")));
    for (String name : List.of("react", "offline", "shared")) {
      String types = Files.readString(npm.resolve(name + ".d.ts"));
      both(folder, name, Files.readString(npm.resolve(name + ".js")), types);
    }
    for (String name : List.of("shared-calls", "shared-hub", "shared-tunnel", "shared-world")) {
      copy(npm.resolve(name + ".js"), folder.resolve(name + ".js"));
      String module = Files.readString(npm.resolve(name + ".js"));
      Files.writeString(folder.resolve(name + ".cjs"), commonJs(module));
    }
    copy(npm.resolve("README.md"), folder.resolve("README.md"));
    copy(Path.of("LICENSE"), folder.resolve("LICENSE"));
    for (Path module : modules) {
      Path copy = folder.resolve("src").resolve(sources.normalize().relativize(module));
      Files.createDirectories(copy.getParent());
      copy(module, copy);
    }
    String about = Files.readString(npm.resolve("package.json"));
    Files.writeString(folder.resolve("package.json"), about.replace("${version}", version));
  }

  static void copy(Path from, Path to) throws IOException {
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void both(Path folder, String name, String module, String types)
      throws IOException {
    Files.writeString(folder.resolve(name + ".js"), module);
    Files.writeString(folder.resolve(name + ".d.ts"), types);
    Files.writeString(folder.resolve(name + ".cjs"), commonJs(module));
    Files.writeString(folder.resolve(name + ".d.cts"), types);
  }

  /** A module that has nothing but named imports and exports, as CommonJS. */
  private static String commonJs(String module) throws IOException {
    List<String> names = new ArrayList<>();
    Matcher declared =
        DECLARED.matcher(
            IMPORT
                .matcher(module)
                .replaceAll("const $1 = require($2);")
                .replaceAll("require\\('(\\./[\\w-]+)\\.js'\\)", "require('$1.cjs')"));
    String code =
        declared.replaceAll(
            found -> {
              names.add(found.group(2));
              return "$1";
            });
    Matcher listed = LISTED.matcher(code);
    if (listed.find()) {
      names.addAll(List.of(listed.group(1).split(",", -1)));
      code = code.substring(0, listed.start());
    }
    if (names.isEmpty() || code.lines().anyMatch(line -> line.matches("(import|export)\\b.*"))) {
      throw new IOException("an import or export that is not known here");
    }
    return "'use strict';\n" + code + "module.exports = { " + String.join(", ", names) + " };\n";
  }
}
