package io.carillon.protocol;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.uri.UriDecoder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds a protocol by the path and the name of a sub-protocol. Immutable. */
public final class ProtocolRegistry {
  private final Map<String, List<Protocol>> byPath = new LinkedHashMap<>();

  /**
   * Takes the protocols.
   *
   * @param protocols of those that share a path the first is spoken with who offers none
   */
  public ProtocolRegistry(List<? extends Protocol> protocols) {
    for (Protocol protocol : protocols) {
      for (String path : protocol.paths()) {
        byPath.computeIfAbsent(path, p -> new ArrayList<>(1)).add(protocol);
      }
    }
  }

  /**
   * The declared path that a request's path is one of, or null.
   *
   * @param path as it was sent, without the application's own part; a variable stands for one
   *     segment that is not empty
   */
  public @Nullable String declared(String path) {
    for (String declared : byPath.keySet()) {
      if (isOf(declared.split("/", -1), path.split("/", -1))) {
        return declared;
      }
    }
    return null;
  }

  /** Whether sockets open at this path, given as for {@link #declared}. */
  public boolean isSocket(String path) {
    return declared(path) != null;
  }

  /** Whether somebody may open a socket at this path without a credential. */
  public boolean isOpen(String path) {
    String declared = declared(path);
    return declared != null
        && at(declared).stream().anyMatch(p -> p.admission() == Protocol.Admission.ANYBODY);
  }

  /**
   * Whether a request's credential is looked at before a socket opens at this path.
   *
   * @param path as declared
   */
  public boolean isGuarded(String path) {
    return at(path).stream().anyMatch(p -> p.admission() != Protocol.Admission.OWN);
  }

  /**
   * Whether every protocol at a path has a socket of its own.
   *
   * @param path as declared
   */
  public boolean isBareSocket(String path) {
    return at(path).stream().allMatch(p -> p.carriage() == Protocol.Carriage.SOCKET);
  }

  /** Whether polls belong to this path too, given as for {@link #declared}. */
  public boolean isPolled(String path) {
    String declared = declared(path);
    return declared != null && !isBareSocket(declared);
  }

  /** The protocols that Engine.IO carries, each once, in order. */
  public List<Protocol> overEngineIo() {
    return byPath.values().stream()
        .flatMap(List::stream)
        .filter(p -> p.carriage() == Protocol.Carriage.ENGINE_IO)
        .distinct()
        .toList();
  }

  private static boolean isOf(String[] declared, String[] sent) {
    boolean same = declared.length == sent.length;
    for (int i = 0; same && i < declared.length; i++) {
      boolean variable = declared[i].startsWith("{");
      same = variable ? !sent[i].isEmpty() : sent[i].equals(declared[i]);
    }
    return same;
  }

  /**
   * What a request says at a path.
   *
   * @param path as for {@link #declared}
   * @param query the parameters of its query, decoded
   * @throws RefusedException with {@link ErrorCode#UNSUPPORTED} if no protocol is spoken there,
   *     with {@link ErrorCode#BAD_FRAME} if the path is not encoded as it should be
   */
  public Peer peer(String path, Map<String, List<String>> query) {
    String declared = declared(path);
    if (declared == null) {
      throw new RefusedException(ErrorCode.UNSUPPORTED);
    }
    String[] names = declared.split("/", -1);
    String[] values = path.split("/", -1);
    Map<String, String> variables = new TreeMap<>();
    for (int i = 0; i < names.length; i++) {
      if (names[i].startsWith("{")) {
        String name = names[i].substring(1, names[i].length() - 1);
        variables.put(name, UriDecoder.path(values[i]));
      }
    }
    return new Peer(declared, variables, query);
  }

  /** All paths as they were declared, in order. */
  public Set<String> paths() {
    return Collections.unmodifiableSet(byPath.keySet());
  }

  /**
   * The protocols at a path.
   *
   * @param path as declared
   */
  public List<Protocol> at(String path) {
    return List.copyOf(byPath.getOrDefault(path, List.of()));
  }

  /** The names of all sub-protocols at a path, in order. */
  public List<String> names(String path) {
    return at(path).stream().flatMap(p -> p.subprotocols().stream()).toList();
  }

  /**
   * The protocol of this name at a path.
   *
   * @param path as declared
   * @param name what was agreed upon; empty or null: nothing
   * @throws RefusedException with {@link ErrorCode#UNSUPPORTED} if there is none
   */
  public Protocol named(String path, @Nullable String name) {
    boolean none = name == null || name.isEmpty();
    for (Protocol protocol : byPath.getOrDefault(path, List.of())) {
      if (none || protocol.subprotocols().contains(name)) {
        return protocol;
      }
    }
    throw new RefusedException(ErrorCode.UNSUPPORTED);
  }

  /**
   * Whether a client that offers these may be served: it offers none at all, or one of ours, or
   * there is a protocol that has no such names.
   *
   * @param path as declared
   */
  public boolean accepts(String path, List<String> offered) {
    List<Protocol> here = byPath.getOrDefault(path, List.of());
    if (offered.isEmpty() || here.stream().anyMatch(p -> p.subprotocols().isEmpty())) {
      return !here.isEmpty();
    }
    return here.stream().anyMatch(p -> offered.stream().anyMatch(p.subprotocols()::contains));
  }
}
