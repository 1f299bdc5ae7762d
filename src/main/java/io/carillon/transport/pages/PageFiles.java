package io.carillon.transport.pages;

import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The files that may be served. Their names are learnt at start, so that no name of a request ever
 * reaches the file system; each is read when it is first asked for, and kept. Thread-safe.
 */
final class PageFiles {
  private static final String INDEX = "index.html";

  private final ServletContext context;
  private final Set<String> names;
  private final Map<String, PageFile> files = new ConcurrentHashMap<>();

  /** Learns the names of everything in the WAR and its WebJars but what is the server's own. */
  PageFiles(ServletContext context) {
    this.context = context;
    this.names = Set.copyOf(names(context));
  }

  /**
   * What is served at a path, which is decoded and begins with a slash; of a folder its index. Null
   * if there is nothing.
   */
  @Nullable PageFile at(String path) throws IOException {
    String name = path.endsWith("/") ? path + INDEX : path;
    if (!names.contains(name)) {
      return null;
    }
    PageFile known = files.get(name);
    if (known == null) {
      known = read(name);
      files.put(name, known);
    }
    return known;
  }

  /** Whether a path without a slash at its end is the name of a folder with an index. */
  boolean isFolder(String path) {
    return names.contains(path + '/' + INDEX);
  }

  private PageFile read(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(context.getResourceAsStream(name), name)) {
      String type = context.getMimeType(name);
      return new PageFile(in.readAllBytes(), type == null ? "application/octet-stream" : type);
    }
  }

  private static Set<String> names(ServletContext context) {
    Set<String> names = new HashSet<>();
    Deque<String> folders = new ArrayDeque<>(Set.of("/"));
    while (!folders.isEmpty()) {
      Set<String> inside = context.getResourcePaths(folders.pop());
      for (String name : inside == null ? Set.<String>of() : inside) {
        if (!name.endsWith("/")) {
          names.add(name);
        } else if (!name.equals("/WEB-INF/") && !name.equals("/META-INF/")) {
          folders.push(name);
        }
      }
    }
    return names;
  }
}
