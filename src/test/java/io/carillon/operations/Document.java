package io.carillon.operations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A document's fenced blocks. */
record Document(List<String> blocks) {
  private static final Pattern FENCED =
      Pattern.compile("^```[a-z]+\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern SETTING = Pattern.compile("^([A-Za-z_]+)=(.*)$", Pattern.MULTILINE);

  static Document read(Path file) throws IOException {
    List<String> blocks = new ArrayList<>();
    Matcher fenced = FENCED.matcher(Files.readString(file));
    while (fenced.find()) {
      blocks.add(fenced.group(1));
    }
    return new Document(blocks);
  }

  /** The one block that has these words in it. */
  String block(String words) {
    List<String> found = blocks.stream().filter(b -> b.contains(words)).toList();
    if (found.size() != 1) {
      throw new IllegalArgumentException(found.size() + " blocks with: " + words);
    }
    return found.getFirst();
  }

  /**
   * The lines {@code NAME=value} of the block with these words, as a service manager reads them.
   */
  Map<String, String> settings(String words) {
    return settingsOf(block(words));
  }

  /** The same of a whole text. */
  static Map<String, String> settingsOf(String text) {
    Map<String, String> settings = new TreeMap<>();
    Matcher setting = SETTING.matcher(text);
    while (setting.find()) {
      settings.put(setting.group(1), setting.group(2));
    }
    return settings;
  }
}
