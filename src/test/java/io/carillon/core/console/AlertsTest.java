package io.carillon.core.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.carillon.kit.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class AlertsTest {
  private final ManualTime time = new ManualTime();
  private final Alerts alerts = new Alerts(time);
  private final AtomicReference<String> matter = new AtomicReference<>();

  @Test
  void anAlertIsOnSinceItsConditionHoldsAndTellsWhatIsSoNow() {
    alerts.add(new Alerts.Condition("full", matter::get));
    alerts.look();
    assertEquals(List.of(), alerts.on());
    time.pass(Duration.ofSeconds(3));
    Instant begun = time.instant();
    matter.set("half");
    alerts.look();
    time.pass(Duration.ofSeconds(7));
    matter.set("all");
    alerts.look();
    assertEquals(List.of(new Alerts.Alert("full", "all", begun)), alerts.on());
    matter.set(null);
    alerts.look();
    assertEquals(List.of(), alerts.on());
    matter.set("again");
    alerts.look();
    assertEquals(time.instant(), alerts.on().getFirst().since());
  }

  @Test
  void aConditionThatCannotBeJudgedHidesNoOther() {
    alerts.add(
        new Alerts.Condition(
            "broken",
            () -> {
              throw new IllegalStateException("a defect");
            }));
    alerts.add(new Alerts.Condition("full", () -> "all"));
    alerts.look();
    assertEquals(List.of("full"), alerts.on().stream().map(Alerts.Alert::code).toList());
  }
}
