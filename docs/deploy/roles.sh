#!/bin/sh
# The three roles and the database, made once when PostgreSQL starts with an empty volume. The same as `manage.py roles`.
set -eu
psql --username postgres --set ON_ERROR_STOP=1 --set owner="$OWNER_PASSWORD" --set app="$APP_PASSWORD" \
    --set reader="$READER_PASSWORD" <<'SQL'
CREATE ROLE digivesteralen_owner LOGIN PASSWORD :'owner';
CREATE ROLE digivesteralen_app LOGIN PASSWORD :'app';
CREATE ROLE digivesteralen_reader LOGIN PASSWORD :'reader';
ALTER ROLE digivesteralen_app SET lock_timeout = '5s';
ALTER ROLE digivesteralen_app SET statement_timeout = '30s';
ALTER ROLE digivesteralen_app SET idle_in_transaction_session_timeout = '60s';
CREATE DATABASE digivesteralen OWNER digivesteralen_owner TEMPLATE template0 ENCODING 'UTF8'
    LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C';
REVOKE ALL ON DATABASE digivesteralen FROM PUBLIC;
GRANT CONNECT ON DATABASE digivesteralen TO digivesteralen_app, digivesteralen_reader;
SQL
