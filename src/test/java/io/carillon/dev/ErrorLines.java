package io.carillon.dev;

import io.carillon.kit.LibertyServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;

/** Shows on the terminal what a server reports as an error; everything else stays in its files. */
final class ErrorLines {
  private static final int PERIOD_MILLIS = 500;

  private ErrorLines() {}

  /** Follows the server's console until this process ends. */
  static void follow(LibertyServer server, int port) {
    Thread.ofPlatform()
        .daemon()
        .name("errors-" + port)
        .start(
            () -> {
              try (BufferedReader reader = Files.newBufferedReader(server.console())) {
                while (true) {
                  String line = reader.readLine();
                  if (line == null) {
                    Thread.sleep(PERIOD_MILLIS);
                  } else if (line.startsWith("[ERROR")) {
                    System.err.println(port + " " + line);
                  }
                }
              } catch (IOException e) {
                System.err.println(port + " console: " + e);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }
}
