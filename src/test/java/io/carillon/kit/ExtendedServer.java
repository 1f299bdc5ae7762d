package io.carillon.kit;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/**
 * A copy of the deployed server whose application has further classes, as an application has that
 * is built on the product: its own beans, and protocols. The product's WAR stays as it is.
 */
public final class ExtendedServer {
  private static final Path CLASSES = Path.of("target/test-classes");
  private static final String SERVER = "servers/carillon";
  private static final String WAR = SERVER + "/apps/carillon.war";

  private ExtendedServer() {}

  /**
   * Makes the copy.
   *
   * @param runtime the unpacked {@code wlp} folder
   * @param folder where the copy goes; what is there is replaced
   * @param packages whose compiled classes are added, with all that is below them
   * @return the user directory for {@link LibertyServer#using}
   */
  public static Path make(Path runtime, Path folder, Package... packages) throws IOException {
    Path from = runtime.resolve("usr");
    Path user = folder.toAbsolutePath().resolve("usr");
    Folders.delete(user);
    copy(from.resolve("shared/resources"), user.resolve("shared/resources"));
    copy(from.resolve(SERVER), user.resolve(SERVER));
    Path war = user.resolve(WAR);
    try (FileSystem archive = FileSystems.newFileSystem(war)) {
      for (Package each : packages) {
        String place = each.getName().replace('.', '/');
        copy(CLASSES.resolve(place), archive.getPath("/WEB-INF/classes/" + place));
      }
    }
    return user;
  }

  /** Puts files of configuration where they win over the server's own. */
  static void override(Path user, Path... files) throws IOException {
    Path place = Files.createDirectories(user.resolve(SERVER).resolve("configDropins/overrides"));
    for (Path file : files) {
      Files.copy(
          file, place.resolve(file.getFileName().toString()), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        Files.createDirectories(copy.toAbsolutePath().getParent());
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }
}
