#!/usr/bin/env bash
# Nimbus: rateLimited counts failed fetches too: an issuer that is back stays unreachable for the rest of the interval
#
# Versions: nimbus-jose-jwt 10.10.
# Guess: the limit guards against fetches for unknown key ids; while there is no key set yet, the next call fetches.
# Seen: with rateLimited(30_000), after two fetches that failed the third call throws RateLimitReachedException
#   without asking the source, although it would answer now. With the limit switched off the third call has the keys.
# Hurt: a server that starts a moment before its issuer: it refuses every valid token for up to 30 seconds, and code
#   that takes this exception for "unknown key id" blames the tokens.
# Way out: fetch the first key set without the limit (or before serving), and tell the exceptions apart.
# Output seen:
#   as described: limited: JWKSetUnavailableException, JWKSetUnavailableException, RateLimitReachedException; source asked 2 times
#   as described: not limited: JWKSetUnavailableException, JWKSetUnavailableException, 1 key; source asked 3 times

set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' INT TERM
cd "$tmp"
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy -Dartifact=com.nimbusds:nimbus-jose-jwt:10.10 \
  -DoutputDirectory=lib > log 2>&1 || { cat log >&2; exit 1; }

cat > Finding.java <<'END'
import com.nimbusds.jose.jwk.*;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jose.jwk.source.*;
import com.nimbusds.jose.proc.SecurityContext;

public class Finding {
  /** An issuer that is away for its first two fetches. */
  static final class Issuer implements JWKSetSource<SecurityContext> {
    private final JWKSet keys;
    int asked;

    Issuer() throws Exception {
      keys = new JWKSet(new OctetSequenceKeyGenerator(256).keyID("one").generate());
    }

    @Override
    public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator refresh, long now, SecurityContext context)
        throws JWKSetUnavailableException {
      if (++asked <= 2) throw new JWKSetUnavailableException("away");
      return keys;
    }

    @Override
    public void close() {}
  }

  public static void main(String[] args) throws Exception {
    String away = "JWKSetUnavailableException, ";
    look(true, away + away + "RateLimitReachedException; source asked 2 times");
    look(false, away + away + "1 key; source asked 3 times");
  }

  static void look(boolean limited, String wanted) throws Exception {
    Issuer issuer = new Issuer();
    var builder = JWKSourceBuilder.<SecurityContext>create(issuer).cache(true);
    JWKSource<SecurityContext> source = (limited ? builder.rateLimited(30_000) : builder.rateLimited(false)).build();
    JWKSelector one = new JWKSelector(new JWKMatcher.Builder().keyID("one").build());
    StringBuilder seen = new StringBuilder();
    for (int call = 0; call < 3; call++) {
      String said;
      try {
        said = source.get(one, null).size() + " key";
      } catch (Exception e) {
        said = e.getClass().getSimpleName();
      }
      seen.append(call == 0 ? "" : ", ").append(said);
    }
    seen.append("; source asked ").append(issuer.asked).append(" times");
    boolean same = seen.toString().equals(wanted);
    System.out.println((same ? "as described: " : "CHANGED: ") + (limited ? "limited: " : "not limited: ") + seen);
    if (!same) System.exit(1);
  }
}
END
timeout 45 java -cp lib/nimbus-jose-jwt-10.10.jar Finding.java
