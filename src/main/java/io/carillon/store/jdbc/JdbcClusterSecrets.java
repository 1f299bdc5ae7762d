package io.carillon.store.jdbc;

import io.carillon.core.spi.ClusterSecrets;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Cluster secrets in the table {@code secret}: the first insert of a name wins for good. */
public final class JdbcClusterSecrets implements ClusterSecrets {
  private static final String KEEP =
      "INSERT INTO carillon.secret (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING";
  private static final String READ = "SELECT value FROM carillon.secret WHERE name = ?";

  private final JdbcTemplate template;

  /** Keeps them in this database; the connections must commit by themselves. */
  public JdbcClusterSecrets(DataSource source) {
    this.template = new JdbcTemplate(source, "a secret of the cluster");
  }

  @Override
  public String keepFirst(String name, String candidate) {
    return template.with(
        connection -> {
          JdbcTemplate.update(
              connection,
              KEEP,
              keep -> {
                keep.setString(1, name);
                keep.setString(2, candidate);
              });
          return JdbcTemplate.query(
              connection,
              READ,
              read -> read.setString(1, name),
              row -> {
                if (!row.next()) {
                  throw new SQLException("the secret is neither new nor there");
                }
                return row.getString(1);
              });
        });
  }
}
