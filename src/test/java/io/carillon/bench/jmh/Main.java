package io.carillon.bench.jmh;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * Runs the benchmarks of this package with JMH, in a process of its own. The build compiles them
 * without JMH's annotation processor, so that it stays as it is; they are compiled once more here,
 * with it. Arguments: those of JMH, {@code -h} lists them.
 */
final class Main {
  private static final Path SOURCES = Path.of("src/test/java/io/carillon/bench/jmh");
  private static final Path CLASSES = Path.of("target/bench/jmh");

  private Main() {}

  public static void main(String[] words) throws Exception {
    compile();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    String classes = CLASSES + File.pathSeparator + System.getProperty("java.class.path");
    command.addAll(List.of("-Xmx512m", "-cp", classes, "org.openjdk.jmh.Main"));
    command.addAll(List.of(words));
    System.exit(new ProcessBuilder(command).inheritIO().start().waitFor());
  }

  private static void compile() throws IOException {
    Files.createDirectories(CLASSES);
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-proc:full", "-nowarn", "--release", "21"));
    arguments.addAll(List.of("-processor", "org.openjdk.jmh.generators.BenchmarkProcessor"));
    arguments.addAll(List.of("-cp", System.getProperty("java.class.path")));
    arguments.addAll(List.of("-d", CLASSES.toString()));
    try (Stream<Path> sources = Files.list(SOURCES)) {
      sources
          .map(Path::toString)
          .filter(name -> name.endsWith("Bench.java"))
          .forEach(arguments::add);
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler.run(null, null, null, arguments.toArray(String[]::new)) != 0) {
      throw new IOException("the benchmarks do not compile with JMH's processor");
    }
  }
}
