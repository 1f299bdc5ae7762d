package io.carillon.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** The dependency rules of the house, by name, for the tree under one base package. */
final class Rules {
  private final String base;

  Rules(String base) {
    this.base = base;
  }

  Map<String, ArchRule> all() {
    Map<String, ArchRule> rules = new LinkedHashMap<>();
    rules.put("core is plain Java", coreIsPlainJava());
    rules.put("the vocabulary is the bottom", vocabularyIsTheBottom());
    rules.put("layers", layers());
    rules.put("transports know no protocol", transportsKnowNoProtocol());
    rules.put("protocols are strangers", strangers("protocol"));
    rules.put("transports are strangers", carriersAreStrangers());
    rules.put("backplanes are strangers", strangers("backplane"));
    rules.put("stores are strangers", strangers("store"));
    rules.put("no cycles", slices().matching(base + ".(**)").should().beFreeOfCycles());
    rules.put("JPA has one home", home(List.of("store.jpa.."), "jakarta.persistence.."));
    rules.put(
        "JDBC has two homes",
        home(
            List.of("store.jdbc..", "backplane.postgres.."),
            "java.sql..",
            "javax.sql..",
            "org.postgresql.."));
    rules.put(
        "WebSocket has one home", home(List.of("transport.websocket.."), "jakarta.websocket.."));
    rules.put(
        "JAX-RS has two homes", home(List.of("api..", "transport.http.."), "jakarta.ws.rs.."));
    rules.put(
        "servlets have few homes",
        home(List.of("security..", "transport..", "api.."), "jakarta.servlet.."));
    rules.put("no home-made threads", noHomeMadeThreads());
    rules.put("no ambient clock", noAmbientClock());
    rules.put("core has no stopwatch", coreHasNoStopwatch());
    rules.put("one logger API", oneLogger());
    rules.put("no field injection", noFieldInjection());
    rules.put("every package is null-marked", nullMarked());
    rules.put("a class name is there once", uniqueNames());
    return rules;
  }

  /** Core knows no container, no SQL, no JSON library and no edge of ours. */
  private ArchRule coreIsPlainJava() {
    return classes()
        .that()
        .resideInAPackage(in("core.."))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            in("core.."),
            "java.lang..",
            "java.util..",
            "java.time..",
            "java.math..",
            "java.io",
            "java.net",
            "java.nio..",
            "java.security",
            "com.google.errorprone.annotations..",
            "org.jspecify..");
  }

  private ArchRule vocabularyIsTheBottom() {
    return classes()
        .that()
        .resideInAPackage(in("core"))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(in("core"), "java..", "org.jspecify..");
  }

  private ArchRule layers() {
    LayeredArchitecture layers =
        layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            .layer("core")
            .definedBy(in("core.."));
    for (String edge :
        List.of(
            "protocol",
            "socketio",
            "transport",
            "backplane",
            "store",
            "api",
            "security",
            "observability",
            "bootstrap")) {
      layers = layers.layer(edge).definedBy(in(edge + ".."));
    }
    for (String edge :
        List.of("transport", "backplane", "store", "api", "security", "observability")) {
      layers = layers.whereLayer(edge).mayOnlyBeAccessedByLayers("bootstrap");
    }
    return layers
        .whereLayer("socketio")
        .mayOnlyBeAccessedByLayers("protocol", "bootstrap")
        .whereLayer("bootstrap")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("protocol")
        .mayOnlyBeAccessedByLayers("transport", "bootstrap");
  }

  /** A transport may know the Protocol interface, never a protocol. */
  private ArchRule transportsKnowNoProtocol() {
    return noClasses()
        .that()
        .resideInAPackage(in("transport.."))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(in("protocol.(*).."))
        .allowEmptyShould(true);
  }

  private ArchRule strangers(String family) {
    return slices()
        .matching(in(family + ".(*).."))
        .should()
        .notDependOnEachOther()
        .allowEmptyShould(true);
  }

  /** All two-way carriers share the link that they carry, all over HTTP what a request is. */
  private ArchRule carriersAreStrangers() {
    return slices()
        .matching(in("transport.(*).."))
        .should()
        .notDependOnEachOther()
        .ignoreDependency(alwaysTrue(), resideInAPackage(in("transport.duplex..")))
        .ignoreDependency(alwaysTrue(), resideInAPackage(in("transport.request..")))
        .allowEmptyShould(true);
  }

  /** A Jakarta or database interface is used in its homes and where everything is put together. */
  private ArchRule home(List<String> homes, String... api) {
    String[] all =
        Stream.concat(homes.stream(), Stream.of("bootstrap.."))
            .map(this::in)
            .toArray(String[]::new);
    return noClasses()
        .that()
        .resideOutsideOfPackages(all)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(api);
  }

  /** Threads come from the container. */
  private ArchRule noHomeMadeThreads() {
    Set<Class<?>> makers =
        Set.of(Executors.class, ThreadPoolExecutor.class, ForkJoinPool.class, Timer.class);
    return outsideOfBootstrap(
        "make threads",
        target ->
            makers.stream().anyMatch(maker -> target.getOwner().isEquivalentTo(maker))
                || (target.getOwner().isAssignableTo(Thread.class)
                    && Set.of("<init>", "ofVirtual", "ofPlatform", "startVirtualThread")
                        .contains(target.getName())));
  }

  /**
   * In core even durations come from what was handed in, so that a test can drive them. At the
   * edges a deadline of a conversation with the database is measured where it is held.
   */
  private ArchRule coreHasNoStopwatch() {
    return noClasses()
        .that()
        .resideInAPackage(in("core.."))
        .should()
        .callMethod(System.class, "nanoTime");
  }

  /** Time comes from a clock that was handed in. */
  private ArchRule noAmbientClock() {
    Set<Class<?>> readers =
        Set.of(
            Instant.class,
            LocalDate.class,
            LocalDateTime.class,
            OffsetDateTime.class,
            ZonedDateTime.class);
    return outsideOfBootstrap(
        "read the time of the machine",
        target ->
            (target.getOwner().isEquivalentTo(System.class)
                    && target.getName().equals("currentTimeMillis"))
                || (target.getOwner().isEquivalentTo(Clock.class)
                    && target.getName().startsWith("system"))
                || (target.getName().equals("now")
                    && target.getRawParameterTypes().isEmpty()
                    && readers.stream()
                        .anyMatch(reader -> target.getOwner().isEquivalentTo(reader))));
  }

  private ArchRule outsideOfBootstrap(String what, Predicate<CodeUnitAccessTarget> which) {
    return classes()
        .that()
        .resideOutsideOfPackage(in("bootstrap.."))
        .should(
            new ArchCondition<>("not " + what) {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                for (JavaAccess<?> access : type.getAccessesFromSelf()) {
                  if (access.getTarget() instanceof CodeUnitAccessTarget target
                      && which.test(target)) {
                    events.add(SimpleConditionEvent.violated(type, access.getDescription()));
                  }
                }
              }
            });
  }

  /** System.Logger; the level AUDIT of the server, of which bootstrap speaks, it does not have. */
  private ArchRule oneLogger() {
    return noClasses()
        .that()
        .resideOutsideOfPackage(in("bootstrap.."))
        .should()
        .accessClassesThat()
        .resideInAPackage("java.util.logging..");
  }

  private ArchRule noFieldInjection() {
    return noFields()
        .that()
        .areDeclaredInClassesThat()
        .resideOutsideOfPackages(in("api.."), in("bootstrap.."))
        .should()
        .beAnnotatedWith("jakarta.inject.Inject");
  }

  private ArchRule nullMarked() {
    return classes()
        .should(
            new ArchCondition<>("reside in a package that is @NullMarked") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                if (type.getPackage().tryGetAnnotationOfType(NullMarked.class).isEmpty()) {
                  events.add(
                      SimpleConditionEvent.violated(
                          type, type.getName() + " resides in a package that is not @NullMarked"));
                }
              }
            });
  }

  /**
   * A reader who greps for a class finds one, and an import never hides another: the name of a
   * nested type is its own too.
   */
  static ArchRule uniqueNames() {
    return classes()
        .that()
        .areNotAnonymousClasses()
        .and()
        .doNotHaveSimpleName("package-info")
        .should(new UniqueNames());
  }

  /** The same among classes that are not nested: a test may name its own helpers as it likes. */
  static ArchRule uniqueTopLevelNames() {
    return classes()
        .that()
        .areTopLevelClasses()
        .and()
        .doNotHaveSimpleName("package-info")
        .should(new UniqueNames());
  }

  private String in(String below) {
    return base + "." + below;
  }
}
