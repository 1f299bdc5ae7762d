#!/usr/bin/env bash
# Open Liberty: the port of a virtual host's alias is the one that the client names, not the one that it reached
#
# Versions  Open Liberty 26.0.0.5 (feature servlet-6.1), JDK 17 or later
# Guess     <hostAlias>*:PORT</hostAlias> stands for what comes in at the listener of that port.
# Seen      at that very listener it is compared with the port in the Host header, 80 where there is none:
#             Host app.example:PORT  200
#             Host app.example       404
#             Host app.example:8443  404
# Hurts     an application on a virtual host of its own is gone behind a proxy that passes the public name on.
# Way out   an alias for each port that clients name, *:80 and *:443 at least, and allowFromEndpointRef for the listener.
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
  <virtualHost id="rooms"><hostAlias>*:$port</hostAlias></virtualHost>
  <webApplication id="app" location="app.war" contextRoot="/app">
    <web-bnd moduleName="app"><virtual-host name="rooms"/></web-bnd>
  </webApplication>
</server>
XML
mkdir -p "$server/apps/app.war"
echo here >"$server/apps/app.war/index.html"
"$work/wlp/bin/server" start it >/dev/null
ask() { curl -s -o /dev/null -w '%{http_code}' -H "Host: $1" "http://127.0.0.1:$port/app/index.html"; }
for _ in $(seq 60); do
  [ "$(ask "app.example:$port")" = 200 ] && break
  sleep 0.5
done
seen="$(ask "app.example:$port") $(ask app.example) $(ask app.example:8443)"
echo "named with its port, without a port, with another: $seen"
[ "$seen" = "200 404 404" ] && echo unchanged || { echo CHANGED; exit 1; }
