package io.carillon.architecture;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.EvaluationResult;
import io.carillon.kit.MemoryInstance;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The product keeps every rule, and every rule is able to fail. */
final class ArchitectureTest {
  private static final String PRODUCT = "io.carillon";
  private static final String PLANTED = "io.carillon.architecture.planted";
  private static final String KIT = "io.carillon.kit";

  /** Which planted class each rule must name. */
  private static final Map<String, String> PLANTS =
      Map.ofEntries(
          Map.entry("core is plain Java", "CoreReadsJson"),
          Map.entry("the vocabulary is the bottom", "WordKnowsRoom"),
          Map.entry("layers", "SecurityKnowsStore"),
          Map.entry("transports know no protocol", "TransportKnowsProtocol"),
          Map.entry("protocols are strangers", "OneProtocol"),
          Map.entry("transports are strangers", "SocketKnowsHttp"),
          Map.entry("backplanes are strangers", "LocalKnowsPostgres"),
          Map.entry("stores are strangers", "JpaKnowsJdbc"),
          Map.entry("no cycles", "CycleForth"),
          Map.entry("JPA has one home", "EntityInApi"),
          Map.entry("JDBC has two homes", "ApiSpeaksSql"),
          Map.entry("WebSocket has one home", "HttpHoldsSession"),
          Map.entry("JAX-RS has two homes", "SecurityAnswersRest"),
          Map.entry("servlets have few homes", "StoreReadsRequest"),
          Map.entry("no home-made threads", "StartsThreads"),
          Map.entry("no ambient clock", "ReadsTheWallClock"),
          Map.entry("core has no stopwatch", "HoldsAStopwatch"),
          Map.entry("one logger API", "OtherLogger"),
          Map.entry("no field injection", "InjectedField"),
          Map.entry("every package is null-marked", "NotNullMarked"),
          Map.entry("a class name is there once", "Twin"));

  @TestFactory
  Stream<DynamicTest> theProductKeepsTheRules() {
    JavaClasses product =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(PRODUCT);
    return new Rules(PRODUCT)
        .all().entrySet().stream()
            .map(rule -> dynamicTest(rule.getKey(), () -> rule.getValue().check(product)));
  }

  @Test
  void theTestsHaveClassNamesOfTheirOwn() {
    JavaClasses tests =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains(PLANTED.replace('.', '/')))
            .importPackages(PRODUCT);
    Rules.uniqueTopLevelNames().check(tests);
  }

  /** What all tests share is named beside the product, nested types too. */
  @Test
  void theKitHasNamesOfItsOwn() {
    JavaClasses both =
        new ClassFileImporter()
            .withImportOption(
                location ->
                    ImportOption.Predefined.DO_NOT_INCLUDE_TESTS.includes(location)
                        || location.contains(KIT.replace('.', '/')))
            .importPackages(PRODUCT);
    assertTrue(both.contain(MemoryInstance.class), "the kit was not found");
    Rules.uniqueNames().check(both);
  }

  @TestFactory
  Stream<DynamicTest> everyRuleFindsItsPlantedViolation() {
    JavaClasses planted = new ClassFileImporter().importPackages(PLANTED);
    return new Rules(PLANTED)
        .all().entrySet().stream()
            .map(
                rule ->
                    dynamicTest(
                        rule.getKey(),
                        () -> {
                          EvaluationResult result = rule.getValue().evaluate(planted);
                          String report = result.getFailureReport().toString();
                          assertTrue(
                              report.contains(PLANTS.get(rule.getKey())),
                              () -> rule.getKey() + " did not find its violation:\n" + report);
                          assertFalse(
                              report.contains("Innocent"),
                              () -> rule.getKey() + " accuses an innocent class:\n" + report);
                        }));
  }
}
