package io.carillon.kit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test class that runs inside Liberty, within the application itself: its own beans and resources
 * are injected, its transactions are the container's. The class needs a {@code @Deployment} method
 * that returns {@link ContainerArchive#with}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ExtendWith(ContainerServer.class)
@ArquillianTest
public @interface InContainer {}
