package io.carillon.operations;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.carillon.kit.Cluster;
import io.carillon.kit.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A proxy of the distribution, run with the file that is shipped for it. Only places are others:
 * addresses, ports, and where files are; and the path prefix that the file has as a comment.
 */
final class FrontProxy implements AutoCloseable {
  /** The programs that a file is shipped for. */
  enum Kind {
    NGINX("nginx", "nginx.conf"),
    HAPROXY("haproxy", "haproxy.cfg");

    private final String program;
    private final String file;

    Kind(String program, String file) {
      this.program = program;
      this.file = file;
    }
  }

  private final Kind kind;
  private final Path folder;
  private final int plain = Ports.free();
  private final int sealed = Ports.free();
  private final Process process;

  /** Starts one; the test is left out, and says so, where the program is not installed. */
  FrontProxy(Kind kind, Path folder, Cluster cluster) throws Exception {
    assumeTrue(Shell.has(kind.program), "no " + kind.program + " is installed on this machine");
    this.kind = kind;
    this.folder = folder;
    Shell.openToOthers(folder);
    Authority authority = new Authority(folder.resolve("certificate"));
    String certificate = Files.readString(authority.certificate());
    Files.writeString(folder.resolve("carillon.key"), Files.readString(authority.key()));
    Files.writeString(
        folder.resolve("carillon.pem"),
        kind == Kind.HAPROXY ? certificate + Files.readString(authority.key()) : certificate);
    String text = Files.readString(Path.of("deploy", kind.file));
    for (String[] place : places(cluster)) {
      if (!text.contains(place[0])) {
        throw new IllegalStateException(kind.file + " has no " + place[0]);
      }
      text = text.replace(place[0], place[1]);
    }
    Path file = Files.writeString(folder.resolve(kind.file), text);
    Shell.run(command(file, true), Map.of());
    this.process =
        new ProcessBuilder(command(file, false))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    await();
  }

  private List<String[]> places(Cluster cluster) {
    List<String[]> places = new ArrayList<>();
    places.add(new String[] {" one:9080", " 127.0.0.1:" + cluster.server(0).port()});
    places.add(new String[] {" two:9080", " 127.0.0.1:" + cluster.server(1).port()});
    switch (kind) {
      case NGINX -> {
        places.add(new String[] {"listen [::]", "#"});
        places.add(new String[] {"listen 80", "listen 127.0.0.1:" + plain});
        places.add(new String[] {"listen 443", "listen 127.0.0.1:" + sealed});
        places.add(new String[] {"/etc/nginx/", folder + "/"});
        places.add(new String[] {"/var/log/nginx/", folder + "/"});
        places.add(new String[] {"/run/", folder + "/"});
        places.add(new String[] {"#location /live/", "location /live/"});
      }
      case HAPROXY -> {
        places.add(new String[] {"maxconn 60000", "maxconn 2000"});
        places.add(new String[] {"bind :80", "bind 127.0.0.1:" + plain});
        places.add(new String[] {"bind :443", "bind 127.0.0.1:" + sealed});
        places.add(new String[] {"/etc/haproxy/", folder + "/"});
        places.add(new String[] {"#http-request replace-path", "http-request replace-path"});
      }
    }
    return places;
  }

  private List<String> command(Path file, boolean check) {
    List<String> command = new ArrayList<>(List.of(kind.program));
    switch (kind) {
      case NGINX -> {
        command.addAll(List.of("-c", file.toString(), "-p", folder.toString()));
        command.addAll(check ? List.of("-t") : List.of("-g", "daemon off;"));
      }
      case HAPROXY -> {
        command.addAll(List.of("-f", file.toString()));
        command.addAll(check ? List.of("-c") : List.of("-db"));
      }
    }
    return command;
  }

  private void await() throws IOException, InterruptedException {
    while (process.isAlive()) {
      try (Socket open = new Socket(InetAddress.getLoopbackAddress(), sealed)) {
        if (open.isConnected()) {
          return;
        }
      } catch (IOException notYet) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
    throw new IOException(Files.readString(folder.resolve("output")));
  }

  /** Its address without TLS. */
  URI plain() {
    return URI.create("http://localhost:" + plain);
  }

  /** Its address with TLS. */
  URI sealed() {
    return URI.create("https://localhost:" + sealed);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
