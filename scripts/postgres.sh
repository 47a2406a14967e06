# A PostgreSQL cluster of our own in a temporary folder, on a socket only; sourced, not run.
start_postgres() {
  local bin owner=""
  bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
  POSTGRES_HOME=$(mktemp -d /tmp/zhicheng-pg.XXXXXX)
  if [ "$(id -u)" -eq 0 ]; then owner="setpriv --reuid=postgres --regid=postgres --clear-groups"; chown postgres "$POSTGRES_HOME"; fi
  POSTGRES_RUN="$owner"
  POSTGRES_BIN="$bin"
  $owner "$bin/initdb" -D "$POSTGRES_HOME/data" -U zhicheng --auth=trust -E UTF8 --locale=C.UTF-8 >/dev/null
  $owner "$bin/pg_ctl" -D "$POSTGRES_HOME/data" -l "$POSTGRES_HOME/log" -w \
    -o "-c listen_addresses='' -c unix_socket_directories='$POSTGRES_HOME' -c fsync=off -c max_connections=60" start >/dev/null
  $owner "$bin/createdb" -h "$POSTGRES_HOME" -U zhicheng zhicheng
  POSTGRES_URL="postgresql://zhicheng@/zhicheng?host=$POSTGRES_HOME"
  export POSTGRES_URL
}

stop_postgres() {
  $POSTGRES_RUN "$POSTGRES_BIN/pg_ctl" -D "$POSTGRES_HOME/data" -m immediate stop >/dev/null || true
  rm -rf "$POSTGRES_HOME"
}
