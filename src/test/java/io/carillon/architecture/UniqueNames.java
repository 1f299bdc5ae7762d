package io.carillon.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Condition that no two classes have one simple name. */
final class UniqueNames extends ArchCondition<JavaClass> {
  private Map<String, List<String>> names = Map.of();

  UniqueNames() {
    super("have a simple name of their own");
  }

  @Override
  public void init(Collection<JavaClass> types) {
    names =
        types.stream()
            .collect(
                Collectors.groupingBy(
                    JavaClass::getSimpleName,
                    Collectors.mapping(JavaClass::getName, Collectors.toList())));
  }

  @Override
  public void check(JavaClass type, ConditionEvents events) {
    List<String> same = names.getOrDefault(type.getSimpleName(), List.of());
    if (same.size() > 1) {
      events.add(SimpleConditionEvent.violated(type, "one simple name: " + same));
    }
  }
}
