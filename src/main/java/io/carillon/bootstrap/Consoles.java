package io.carillon.bootstrap;

import io.carillon.core.cluster.InstanceCalls;
import io.carillon.core.console.Console;
import io.carillon.core.json.JsonWriter;
import io.carillon.observability.InstanceReporter;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Puts together what operators see. */
final class Consoles {
  private Consoles() {}

  /** Makes the calls between instances. */
  static InstanceCalls calls(Instance instance) {
    return new InstanceCalls(
        new InstanceCalls.CallParts(
            instance.lease.id(),
            instance.name,
            instance.lease::count,
            instance.backplane::send,
            instance.ids::event,
            instance.threads.virtual(),
            instance.threads::later));
  }

  /** Makes the views of an instance whose rooms are made already. */
  static Console of(Instance instance, InstanceCalls calls) {
    return new Console(
        instance.connections,
        instance.rooms.statistics(),
        calls,
        instance.name,
        () -> figures(instance),
        instance.alerts,
        instance.clock,
        instance.limits.hits());
  }

  private static String figures(Instance instance) {
    InstanceReporter.Rates rates = instance.reporter.rates();
    return new JsonWriter(new StringBuilder(128))
        .beginObject()
        .field("connections", instance.connections.count())
        .field("rooms", instance.rooms.statistics().occupied())
        .field("waiting", instance.queuedBytes())
        .rawField("opened", tenths(rates.opened()))
        .rawField("published", tenths(rates.published()))
        .rawField("delivered", tenths(rates.delivered()))
        .field("listening", instance.backplane.connected())
        .field("draining", instance.connections.draining())
        .endObject()
        .toString();
  }

  private static String tenths(double value) {
    return BigDecimal.valueOf(value).setScale(1, RoundingMode.HALF_UP).toString();
  }
}
