# Sourced by what runs a gateway of its own: builds, starts a gateway with a configuration of its own on 18080 and 19090, and ends it.
# Sets data, port, management, token, headgate (its pid) and java. The words of run_gateway come before the gateway's command.
mvn -B -q -DskipTests package -pl gateway,loadtest -am
java=$(HEADGATE_JAVA_OPTS=-XshowSettings:properties ./headgate --version 2>&1 | sed -n 's/^ *java\.home = //p')/bin/java
driver=("$java" -Xlog:disable -Xlog:all=error:stderr --enable-native-access=ALL-UNNAMED -cp "loadtest/target/classes:gateway/target/headgate/lib/*")
data=$(mktemp -d) port=18080 management=19090 headgate=
trap '[ -z "$headgate" ] || kill "$headgate" 2>/dev/null || true; wait; rm -rf "$data"' EXIT

# further lines of the configuration
start_gateway() {
  printf '%s\n' "http: { port: $port }" "management: { port: $management }" "logging: { access: off }" "$@" >"$data/headgate.yaml"
  if [ ! -d "$data/tables" ]; then
    ./headgate table create main.fleet.telemetry --config "$data/headgate.yaml" --columns 'device_id STRING NOT NULL,
      ts TIMESTAMP, temp DOUBLE, humidity DOUBLE, battery DOUBLE, rssi INT, fw STRING, ok BOOLEAN' >/dev/null
  fi
  token=$(./headgate token create --subject load --table main.fleet.telemetry --config "$data/headgate.yaml" | tail -n 1)
  ${run_gateway[@]+"${run_gateway[@]}"} ./headgate serve --config "$data/headgate.yaml" >"$data/headgate.log" 2>&1 &
  headgate=$!
  for _ in $(seq 300); do
    if curl -sf -o /dev/null "http://127.0.0.1:$management/health/ready"; then return; fi
    sleep 0.2
  done
  echo "The gateway did not start:" >&2
  cat "$data/headgate.log" >&2
  exit 1
}

stop_gateway() {
  kill "$headgate"
  wait "$headgate" || true
  headgate=
}

cpu_ticks() { awk '{ print $14 + $15 }' "/proc/$headgate/stat"; }
