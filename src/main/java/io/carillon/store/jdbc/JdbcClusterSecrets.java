package io.carillon.store.jdbc;

import io.carillon.core.spi.ClusterSecrets;
import io.carillon.core.spi.LogUnavailableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Cluster secrets in the table {@code secret}: the first insert of a name wins for good. */
public final class JdbcClusterSecrets implements ClusterSecrets {
  private static final String KEEP =
      "INSERT INTO carillon.secret (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING";
  private static final String READ = "SELECT value FROM carillon.secret WHERE name = ?";

  private final DataSource source;

  /** Keeps them in this database; the connections must commit by themselves. */
  public JdbcClusterSecrets(DataSource source) {
    this.source = source;
  }

  @Override
  public String keepFirst(String name, String candidate) {
    try (Connection connection = source.getConnection();
        PreparedStatement keep = connection.prepareStatement(KEEP);
        PreparedStatement read = connection.prepareStatement(READ)) {
      keep.setString(1, name);
      keep.setString(2, candidate);
      keep.executeUpdate();
      read.setString(1, name);
      try (ResultSet row = read.executeQuery()) {
        if (!row.next()) {
          throw new SQLException("the secret is neither new nor there");
        }
        return row.getString(1);
      }
    } catch (SQLException e) {
      throw new LogUnavailableException("a secret of the cluster cannot be read", e);
    }
  }
}
