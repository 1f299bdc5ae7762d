package io.carillon.bootstrap;

import io.carillon.core.cluster.InstanceCalls;
import io.carillon.core.console.Console;
import io.carillon.core.json.JsonWriter;

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
        instance.rooms.statistics()::readings,
        calls,
        instance.name,
        () -> figures(instance),
        instance.clock);
  }

  private static String figures(Instance instance) {
    return new JsonWriter(new StringBuilder(128))
        .beginObject()
        .field("connections", instance.connections.count())
        .field("rooms", instance.rooms.statistics().occupied())
        .field("waiting", instance.queuedBytes())
        .field("listening", instance.backplane.connected())
        .field("draining", instance.connections.draining())
        .endObject()
        .toString();
  }
}
