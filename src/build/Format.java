import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;

/**
 * Runs google-java-format over every Java source of the project, without a shell.
 *
 * <p>Usage: {@code Format check|apply <stamp file> <source folder>...}. {@code check} changes
 * nothing, names the files that differ and ends with 1 if there are any. The stamp file remembers
 * the digests of contents that were found well formatted, so that a second check costs nothing.
 */
final class Format {

  public static void main(String[] args) throws IOException {
    boolean apply = args[0].equals("apply");
    Path stamp = Path.of(args[1]);
    Set<String> known = Files.exists(stamp) ? new HashSet<>(Files.readAllLines(stamp)) : Set.of();
    List<Path> all = new ArrayList<>();
    for (String folder : List.of(args).subList(2, args.length)) {
      try (var walk = Files.walk(Path.of(folder))) {
        walk.filter(file -> file.toString().endsWith(".java")).forEach(all::add);
      }
    }
    List<String> command = new ArrayList<>();
    command.addAll(apply ? List.of("--replace") : List.of("--dry-run", "--set-exit-if-changed"));
    int options = command.size();
    for (Path file : all) {
      if (!known.contains(digest(file))) {
        command.add(file.toString());
      }
    }
    if (command.size() > options) {
      ToolProvider formatter = ToolProvider.findFirst("google-java-format").orElseThrow();
      int result = formatter.run(System.out, System.err, command.toArray(String[]::new));
      if (result != 0) {
        System.err.println("The files above are not formatted; `mvn -Pformat` formats them.");
        System.exit(1);
      }
    }
    Set<String> digests = new TreeSet<>();
    for (Path file : all) {
      digests.add(digest(file));
    }
    Files.createDirectories(stamp.toAbsolutePath().getParent());
    Files.write(stamp, digests);
  }

  private static String digest(Path file) throws IOException {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
