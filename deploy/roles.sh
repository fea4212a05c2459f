#!/bin/sh
# Run once, by the postgres image, in an empty database: the two roles of the portal and its database.
# Their passwords are those in the addresses that the portal is given.
set -eu

password_in() { sed -E 's|^[a-z]+://[^:]+:([^@]+)@.*|\1|' "$1" | tr -d '\n'; }

psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres \
    --set=owner_password="$(password_in /run/secrets/database_owner_url)" \
    --set=app_password="$(password_in /run/secrets/database_url)" <<'SQL'
CREATE ROLE portal_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE portal_app LOGIN PASSWORD :'app_password';
CREATE DATABASE portal OWNER portal_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
REVOKE ALL ON DATABASE portal FROM PUBLIC;
GRANT CONNECT ON DATABASE portal TO portal_app;
SQL
