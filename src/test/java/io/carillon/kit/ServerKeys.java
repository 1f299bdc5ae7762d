package io.carillon.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Key store and LTPA keys that the first server of a runtime makes at its start, given to the later
 * ones of this JVM: making them takes a tenth of a start. Thread-safe.
 */
final class ServerKeys {
  private static final Path PLACE = Path.of("carillon/resources/security");
  private static final List<String> FILES = List.of("key.p12", "ltpa.keys");
  private static final Map<String, byte[]> KEPT = new ConcurrentHashMap<>();

  private ServerKeys() {}

  /** Puts the keys, if there are some yet, where a server that writes there will look. */
  static void give(Path output) throws IOException {
    Path folder = Files.createDirectories(output.resolve(PLACE));
    for (Map.Entry<String, byte[]> file : KEPT.entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
    }
  }

  /** Keeps the keys of a server that is ready. */
  static void keep(Path output) throws IOException {
    for (String file : FILES) {
      Path made = output.resolve(PLACE).resolve(file);
      if (!KEPT.containsKey(file) && Files.exists(made)) {
        KEPT.put(file, Files.readAllBytes(made));
      }
    }
  }
}
