package io.carillon.kit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Test that takes long for what it adds to a shorter one: run only with {@code
 * -Dcarillon.at.length=true}.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@EnabledIfSystemProperty(named = "carillon.at.length", matches = "true")
public @interface AtLength {
  /** Whether tests are run at length, for one that is only longer then. */
  boolean ASKED = Boolean.getBoolean("carillon.at.length");
}
