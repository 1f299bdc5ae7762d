package io.carillon.contract;

import io.carillon.kit.DatabaseAccess;
import io.carillon.kit.TestDatabase;
import javax.sql.DataSource;

/** A database of its own with the whole schema, on the PostgreSQL that all tests share. */
public final class ScratchDatabase {
  private final DatabaseAccess access;

  private ScratchDatabase(DatabaseAccess access) {
    this.access = access;
  }

  /** A new one. */
  public static ScratchDatabase fresh() {
    return new ScratchDatabase(TestDatabase.migrated());
  }

  /** Connections of the superuser. */
  public DataSource superuser() {
    return TestDatabase.shared().superuser(access.name());
  }

  /** Connections of the application's role. */
  public DataSource app() {
    return access.app();
  }
}
