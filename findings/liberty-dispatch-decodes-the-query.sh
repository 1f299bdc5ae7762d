#!/usr/bin/env bash
# Open Liberty: with servlet-6.1, dispatch() of a wrapped request goes on with the query decoded
#
# Versions  Open Liberty 26.0.0.5 (feature servlet-6.1), JDK 17 or later
# Guess     AsyncContext.dispatch() without a path goes back to the request as it came: same URI, same query string.
# Seen      after startAsync with a wrapped request, as in a filter that has read the body, the dispatched request
#           has its query string percent-decoded once (with servlet-6.0 of the same build it stays as it was):
#             first      name=a%2526b&x=1%2B1
#             dispatched name=a%26b&x=1+1
# Hurts     filters that wait for a body and dispatch: parameters with an encoded `&`, `+` or `%` change on the way.
# Way out   dispatch(path) with the path alone, and a wrapper that answers getQueryString() with what was sent.
set -euo pipefail
work=$(mktemp -d)
cleanup() { [ -x "$work/wlp/bin/server" ] && "$work/wlp/bin/server" stop it >/dev/null 2>&1 || true; rm -rf "$work"; }
trap cleanup EXIT
(cd "$work" && mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:unpack \
  -Dartifact=io.openliberty:openliberty-runtime:26.0.0.5:zip -DoutputDirectory="$work") >/dev/null
"$work/wlp/bin/server" create it >/dev/null
server="$work/wlp/usr/servers/it"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat >"$server/server.xml" <<XML
<server>
  <featureManager><feature>servlet-6.1</feature></featureManager>
  <httpEndpoint id="defaultHttpEndpoint" host="127.0.0.1" httpPort="$port" httpsPort="-1"/>
</server>
XML
classes="$server/dropins/app.war/WEB-INF/classes"
mkdir -p "$classes"
cat >"$work/Echo.java" <<'JAVA'
import jakarta.servlet.DispatcherType;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.*;
import java.io.IOException;

@WebServlet(urlPatterns = "/echo", asyncSupported = true)
public class Echo extends HttpServlet {
  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
    if (request.getDispatcherType() == DispatcherType.ASYNC) {
      response.getWriter().println("dispatched " + request.getQueryString());
      return;
    }
    response.getWriter().println("first      " + request.getQueryString());
    var async = request.startAsync(new HttpServletRequestWrapper(request), response);
    async.start(async::dispatch);
  }
}
JAVA
api=$(ls "$work"/wlp/dev/api/spec/io.openliberty.jakarta.servlet.6.1*.jar | head -1)
javac -nowarn --release 17 -cp "$api" -d "$classes" "$work/Echo.java"
"$work/wlp/bin/server" start it >/dev/null
for _ in $(seq 60); do
  curl -fs -o /dev/null "http://127.0.0.1:$port/app/echo" && break
  sleep 0.5
done
seen=$(curl -s "http://127.0.0.1:$port/app/echo?name=a%2526b&x=1%2B1")
echo "$seen"
expected=$(printf 'first      name=a%%2526b&x=1%%2B1\ndispatched name=a%%26b&x=1+1')
[ "$seen" = "$expected" ] && echo unchanged || { echo CHANGED; exit 1; }
