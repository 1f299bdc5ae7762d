package io.carillon.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.annotation.Resource;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import jakarta.transaction.Status;
import jakarta.transaction.UserTransaction;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** Tests do run inside Liberty: injection, resources and transactions are the container's. */
@InContainer
class ContainerIT {
  @Resource(lookup = "jdbc/carillon")
  DataSource database;

  @Inject BeanManager beans;
  @Inject UserTransaction transaction;

  @Deployment
  static WebArchive application() {
    return ContainerArchive.with(ContainerIT.class);
  }

  @Test
  void isInsideLiberty() {
    assertTrue(System.getProperty("wlp.server.name").startsWith("arquillian"));
    assertNotNull(beans);
    assertTrue(Runtime.version().feature() >= 25, Runtime.version().toString());
  }

  @Test
  void theDataSourceIsTheApplicationsRole() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("select current_user, current_setting('synchronous_commit')")) {
      assertTrue(row.next());
      assertEquals("carillon_app", row.getString(1));
      assertEquals("on", row.getString(2));
    }
  }

  @Test
  void aConnectionJoinsTheContainersTransaction() throws Exception {
    transaction.begin();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select txid_current() = txid_current()")) {
      assertTrue(row.next());
      assertTrue(row.getBoolean(1), "two statements share one transaction");
      assertEquals(Status.STATUS_ACTIVE, transaction.getStatus());
    } finally {
      transaction.rollback();
    }
  }
}
