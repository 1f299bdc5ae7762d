package io.carillon.kit;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * Two servers that tests kill, freeze and drain. Whoever takes them finds both running; whoever has
 * drained one kills it in the end.
 */
public final class MortalCluster {
  private static final Cluster CLUSTER =
      AtEnd.shared(
          () ->
              Cluster.start(
                  2,
                  Map.of(
                      "CARILLON_ALLOWED_ORIGINS",
                      "https://app.example",
                      "CARILLON_CORS_CREDENTIALS",
                      "true",
                      "CARILLON_DRAIN_SPREAD",
                      "PT3S")));

  private MortalCluster() {}

  /** The servers, those that had ended started again. */
  public static Cluster alive() throws IOException, InterruptedException, TimeoutException {
    CLUSTER.startAgain();
    return CLUSTER;
  }
}
