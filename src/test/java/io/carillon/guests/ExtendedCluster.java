package io.carillon.guests;

import io.carillon.example.ChatNamespace;
import io.carillon.fixtures.BareEcho;
import io.carillon.kit.AtEnd;
import io.carillon.kit.Cluster;
import io.carillon.mirror.MirrorProtocol;
import java.util.Map;

/**
 * Two servers whose application has beans of its own, protocols and namespaces, and whose events
 * keep the trace context of their call; the tests of these share them. The first may be killed by a
 * test that starts it again.
 */
public final class ExtendedCluster {
  private static final Cluster CLUSTER =
      AtEnd.shared(
          () ->
              Cluster.extended(
                  "beans",
                  2,
                  Map.of("CARILLON_PUBLISH_TRACEPARENT", "true"),
                  ChatNamespace.class.getPackage(),
                  BareEcho.class.getPackage(),
                  MirrorProtocol.class.getPackage()));

  private ExtendedCluster() {}

  /** The servers. */
  public static Cluster shared() {
    return CLUSTER;
  }
}
