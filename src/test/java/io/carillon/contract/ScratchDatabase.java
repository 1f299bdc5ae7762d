package io.carillon.contract;

import io.carillon.kit.Bootstrap;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A database of its own with the whole schema, on one PostgreSQL for all tests of this JVM. */
public final class ScratchDatabase {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static EmbeddedPostgres postgres;

  private final String name;

  private ScratchDatabase(String name) {
    this.name = name;
  }

  public static synchronized ScratchDatabase fresh() throws Exception {
    if (postgres == null) {
      postgres = EmbeddedPostgres.builder().setLocaleConfig("locale", "C").start();
      try (Connection c = postgres.getPostgresDatabase().getConnection();
          Statement s = c.createStatement()) {
        s.execute(Files.readString(Path.of("db/roles.sql")));
      }
      Bootstrap.roles(postgres.getPostgresDatabase(), "p", "p");
    }
    ScratchDatabase made = new ScratchDatabase("scratch" + NUMBER.incrementAndGet());
    Bootstrap.database(postgres.getPostgresDatabase(), made.name, "template0");
    Bootstrap.schema(made.superuser());
    try (Connection c = made.superuser().getConnection();
        Statement s = c.createStatement()) {
      s.execute("GRANT CREATE ON DATABASE " + made.name + " TO carillon_owner");
    }
    try (Connection c = made.source("carillon_owner").getConnection();
        Statement s = c.createStatement()) {
      s.execute(Files.readString(Path.of("db/schema.sql")));
    }
    return made;
  }

  public DataSource superuser() {
    return source("postgres");
  }

  public DataSource app() {
    return source("carillon_app");
  }

  private DataSource source(String user) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {"127.0.0.1"});
    source.setPortNumbers(new int[] {postgres.getPort()});
    source.setDatabaseName(name);
    source.setUser(user);
    source.setPassword("p");
    return source;
  }
}
