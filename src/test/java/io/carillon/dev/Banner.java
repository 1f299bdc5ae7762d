package io.carillon.dev;

import io.carillon.kit.DatabaseAccess;
import io.carillon.kit.LibertyServer;
import java.nio.file.Path;
import java.util.List;

/** What the person at the terminal reads once everything is ready. */
final class Banner {
  private Banner() {}

  static void print(
      List<LibertyServer> servers, DatabaseAccess database, Path home, Path logs, double seconds) {
    LibertyServer first = servers.getFirst();
    StringBuilder text = new StringBuilder(1_000);
    text.append("\n%s\n Carillon is ready (%.1f s)\n\n".formatted("=".repeat(78), seconds));
    for (LibertyServer server : servers) {
      text.append(
          "   open      %s  (process %d)\n".formatted(server.uri("/"), server.handle().pid()));
    }
    text.append(
        """
           HTTPS     https://localhost:%d/  (a certificate of its own)
           API       %s
           database  psql -h 127.0.0.1 -p %d -U postgres %s
           data      %s  (delete it to begin anew)
           logs      %s

         Publish and read from a second terminal:

           TOKEN=$(curl -s %s -H 'Content-Type: application/json' -d '{"user":"alice"}' | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')
           curl -s %s -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"name":"greeting","data":{"text":"hello"}}'
           curl -sN '%s?last=10' -H "Authorization: Bearer $TOKEN" -H 'Accept: text/event-stream'

         Ctrl-C stops everything.
        %s
        """
            .formatted(
                first.httpsPort(),
                first.uri("/openapi/ui/"),
                database.port(),
                database.name(),
                home,
                logs,
                first.uri("/api/demo/token"),
                first.uri("/api/rooms/demo:hello/events"),
                servers.getLast().uri("/api/rooms/demo:hello/events"),
                "=".repeat(78)));
    System.out.print(text);
    System.out.flush();
  }
}
