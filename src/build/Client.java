import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes one small file of the modules of the JavaScript client: without comments and needless
 * space, with short names for classes and their private members, and numbers for constants. Modules
 * on their own would be more than twenty requests, one behind the other, before a page is live.
 * What comes out is tested like the modules.
 *
 * <p>Usage: {@code Client <folder of carillon.js> <folder of package.json> <target> <version>}.
 * Writes {@code <target>/client}, which goes into the WAR (the file, under a path with the version
 * once more, and the pages as {@link Pages} makes them), and {@code <target>/npm}, the package. It
 * knows the JavaScript that is written there, and stops at what it does not know: default exports,
 * renamed imports, names that two modules have.
 */
final class Client {
  private static final Pattern IMPORT =
      Pattern.compile("^(import|export) (\\{[^}]*\\}) from '([^']+)';\\n", Pattern.MULTILINE);
  private static final Pattern NAME =
      Pattern.compile(
          "^(export )?((?:async )?(?:class|function|const|let) (\\w+))", Pattern.MULTILINE);
  private static final Pattern CONSTANT =
      Pattern.compile("^const ([A-Z_]+) = ([0-9_]+);\\n", Pattern.MULTILINE);
  private static final Pattern CLASS = Pattern.compile("^class (\\w+)", Pattern.MULTILINE);
  private static final String BEFORE_REGEX = "(,=:[!&|?{};+-*%<>~^\n";

  private final Map<Path, String> modules = new LinkedHashMap<>();
  private final Map<String, Path> names = new HashMap<>();

  /** What stands for a word: the number of a constant, a letter for a class. */
  private final Map<String, String> shorter =
      new HashMap<>(Map.of("const", "let", "true", "!0", "false", "!1"));

  /** Short names of the private members of the class that is copied. */
  private final Map<String, String> members = new HashMap<>();

  private final List<String> exports = new ArrayList<>();

  public static void main(String[] args) throws IOException {
    Path sources = Path.of(args[0]);
    Path npm = Path.of(args[1]);
    Path target = Path.of(args[2]);
    String version = args[3];
    Client client = new Client();
    client.read(sources.resolve("carillon.js"), true);
    String code = client.code();
    Path web = Files.createDirectories(target.resolve("client"));
    Files.writeString(web.resolve("carillon.js"), code);
    Pages.write(sources, web);
    Path versioned = Files.createDirectories(web.resolve("webjars/carillon").resolve(version));
    Files.writeString(versioned.resolve("carillon.js"), code);
    Parcel.copy(sources.resolve("carillon.d.ts"), versioned.resolve("carillon.d.ts"));
    Parcel.make(sources, npm, target.resolve("npm"), version, code, client.modules.keySet());
  }

  private String code() throws IOException {
    StringBuilder all = new StringBuilder();
    modules.values().forEach(all::append);
    shortClasses(all.toString());
    return "/* Carillon's client; its source is carillon/client.js. */\n"
        + Locals.shorten(squeeze(all.toString()), names.keySet())
        + "export{"
        + String.join(",", exports)
        + "};\n";
  }

  /** A capital letter for each class that is not exported. */
  private void shortClasses(String code) {
    Matcher classes = CLASS.matcher(code);
    for (char next = 'A'; classes.find(); next++) {
      if (!exports.contains(classes.group(1))) {
        shorter.put(classes.group(1), String.valueOf(next));
      }
    }
  }

  /** The last thing before a bracket closes needs no semicolon or comma after it. */
  private static void dropLast(StringBuilder out, char next) {
    int last = out.length() - 1;
    if (last >= 0 && (next == '}' && ";,".indexOf(out.charAt(last)) >= 0)
        || ((next == ')' || next == ']') && out.charAt(last) == ',')) {
      out.setLength(last);
    }
  }

  /** What stands for a word of the code. */
  private String shorter(String word, StringBuilder before) throws IOException {
    String instead = shorter.get(word);
    boolean taken = instead == null && word.length() == 1 && Character.isUpperCase(word.charAt(0));
    if (taken
        || (instead != null && before.length() > 0 && before.charAt(before.length() - 1) == '.')) {
      throw new IOException(word + " is another name, too");
    }
    return instead == null ? word : instead;
  }

  /** Reads a module after those that it imports, so that a class stands before those it is for. */
  private void read(Path file, boolean entry) throws IOException {
    Path module = file.normalize();
    if (modules.containsKey(module)) {
      return;
    }
    String text = Files.readString(module);
    Matcher imports = IMPORT.matcher(text);
    while (imports.find()) {
      if (imports.group(2).contains(" as ")) {
        throw new IOException(module + " renames what it imports");
      }
      read(module.resolveSibling(imports.group(3)), false);
      if (entry && imports.group(1).equals("export")) {
        for (String name : imports.group(2).replaceAll("[{}\\s]", "").split(",", -1)) {
          exports.add(name);
        }
      }
    }
    String code = imports.replaceAll("");
    Matcher declared = NAME.matcher(code);
    while (declared.find()) {
      Path other = names.put(declared.group(3), module);
      if (other != null) {
        throw new IOException(module + " and " + other + " both have " + declared.group(3));
      }
    }
    String plain = declared.replaceAll("$2");
    if (plain.lines().anyMatch(line -> line.startsWith("export ") || line.startsWith("import "))) {
      throw new IOException(module + " has an import or export that is not known here");
    }
    Matcher numbers = CONSTANT.matcher(plain);
    while (numbers.find()) {
      shorter.put(numbers.group(1), numbers.group(2).replace("_", ""));
    }
    modules.put(module, numbers.replaceAll("") + "\n");
  }

  /** Copies token by token; what stands between two of them becomes as little as it may. */
  private String squeeze(String code) throws IOException {
    StringBuilder out = new StringBuilder(code.length());
    int i = 0;
    while (i < code.length()) {
      char c = code.charAt(i);
      int end;
      if (Character.isWhitespace(c) || code.startsWith("//", i) || code.startsWith("/*", i)) {
        end = gap(code, i);
        separate(out, code.substring(i, end), end < code.length() ? code.charAt(end) : '\n');
        i = end;
        continue;
      } else if (c == '\'' || c == '"') {
        end = quoted(code, i, c);
      } else if (c == '`') {
        end = template(code, i);
      } else if (c == '/' && beginsRegex(out)) {
        end = regex(code, i);
      } else if (c == '#') {
        end = word(code, i + 1);
        out.append(
            members.computeIfAbsent(code.substring(i, end), name -> shortName(members.size())));
        i = end;
        continue;
      } else {
        end = Math.max(i + 1, word(code, i));
        dropLast(out, c);
        String word = code.substring(i, end);
        if (word.equals("class")) {
          members.clear();
        }
        out.append(shorter(word, out));
        i = end;
        continue;
      }
      out.append(code, i, end);
      i = end;
    }
    return out.toString();
  }

  private static int gap(String code, int from) throws IOException {
    int i = from;
    while (i < code.length()) {
      if (Character.isWhitespace(code.charAt(i))) {
        i++;
      } else if (code.startsWith("//", i)) {
        i = code.indexOf('\n', i);
      } else if (code.startsWith("/*", i)) {
        i = found(code.indexOf("*/", i), "a comment") + 2;
      } else {
        break;
      }
    }
    return i;
  }

  /** Line ends are kept where a semicolon could be meant; a space between two words, and signs. */
  private static void separate(StringBuilder out, String gap, char next) {
    char last = out.isEmpty() ? '\n' : out.charAt(out.length() - 1);
    if (gap.indexOf('\n') >= 0 && "{};,([\n".indexOf(last) < 0 && "})],.?:".indexOf(next) < 0) {
      out.append('\n');
    } else if ((isWord(last) && (isWord(next) || next == '#'))
        || (last == next && (last == '+' || last == '-'))) {
      out.append(' ');
    }
  }

  static boolean beginsRegex(StringBuilder out) {
    return out.isEmpty() || BEFORE_REGEX.indexOf(out.charAt(out.length() - 1)) >= 0;
  }

  static int quoted(String code, int from, char quote) throws IOException {
    for (int i = from + 1; i < code.length(); i++) {
      if (code.charAt(i) == '\\') {
        i++;
      } else if (code.charAt(i) == quote) {
        return i + 1;
      }
    }
    throw new IOException("a string does not end");
  }

  /** A template is copied as it is; private members inside of one would not be renamed. */
  private static int template(String code, int from) throws IOException {
    int end = quoted(code, from, '`');
    if (code.substring(from, end).contains("this.#")) {
      throw new IOException("a private member in a template: " + code.substring(from, end));
    }
    return end;
  }

  static int regex(String code, int from) throws IOException {
    boolean set = false;
    for (int i = from + 1; i < code.length() && code.charAt(i) != '\n'; i++) {
      char c = code.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '/' && !set) {
        return i + 1;
      } else if (c == '[' || c == ']') {
        set = c == '[';
      }
    }
    throw new IOException("a regular expression does not end: " + code.substring(from, from + 40));
  }

  private static int word(String code, int from) {
    int i = from;
    while (i < code.length() && isWord(code.charAt(i))) {
      i++;
    }
    return i;
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$';
  }

  private static String shortName(int n) {
    return "#" + (char) ('a' + n % 26) + (n < 26 ? "" : String.valueOf(n / 26));
  }

  private static int found(int index, String what) throws IOException {
    if (index < 0) {
      throw new IOException(what + " does not end");
    }
    return index;
  }
}
