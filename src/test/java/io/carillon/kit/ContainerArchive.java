package io.carillon.kit;

import java.io.File;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** The built WAR with test classes added to it. */
public final class ContainerArchive {
  private ContainerArchive() {}

  /** The application as it is shipped, plus these classes. */
  public static WebArchive with(Class<?>... tests) {
    return ShrinkWrap.create(ZipImporter.class, "carillon.war")
        .importFrom(new File(System.getProperty("carillon.war", "target/carillon.war")))
        .as(WebArchive.class)
        .addClasses(InContainer.class, ContainerServer.class)
        .addClasses(tests);
  }
}
