package io.carillon.bootstrap;

import io.carillon.observability.InstanceGauges;
import io.carillon.observability.InstanceReporter;
import io.carillon.observability.MetricsExport;
import org.eclipse.microprofile.metrics.MetricRegistry;

/** Puts together what reports an instance's figures. */
final class Reporters {
  private Reporters() {}

  /** Makes it for an instance whose other parts are made already. */
  static InstanceReporter of(Instance instance, MetricRegistry registry) {
    Preload.metrics(registry);
    InstanceGauges gauges = gauges(instance);
    return new InstanceReporter(
        instance.name,
        instance.settings.url(),
        new MetricsExport(registry, instance.probe, instance.ping, gauges),
        instance.ping,
        gauges,
        instance.rooms::publishOwn,
        instance.ids::event,
        System::nanoTime);
  }

  private static InstanceGauges gauges(Instance instance) {
    return new InstanceGauges(
        instance.rooms.statistics()::occupied,
        instance::queuedBytes,
        instance.threads.socketWriters()::spare,
        instance.backplane::connected,
        instance.rooms.statistics()::recentBytes,
        instance.days::count,
        () -> instance.backplane.counts().queueUsage(),
        instance.relay::unnumbered,
        instance.presence::troubledSeconds,
        new InstanceGauges.BackplaneSums(
            () -> instance.backplane.counts().rings(),
            () -> instance.backplane.counts().ringFailures(),
            () -> instance.backplane.counts().listens(),
            () -> instance.backplane.counts().malformed(),
            () -> instance.backplane.counts().forged(),
            () -> instance.backplane.counts().dropped()));
  }
}
