#!/usr/bin/env bash
# The second half of "The database, once" in docs/operations.md, after db/roles.sql.
set -euo pipefail
psql -v ON_ERROR_STOP=1 -U "${POSTGRES_USER:-postgres}" -d postgres <<'SQL'
\getenv app CARILLON_DATABASE_PASSWORD
\getenv owner CARILLON_MIGRATION_PASSWORD
ALTER ROLE carillon_app PASSWORD :'app';
ALTER ROLE carillon_owner PASSWORD :'owner';
CREATE DATABASE carillon OWNER carillon_owner ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE carillon FROM PUBLIC;
GRANT CONNECT ON DATABASE carillon TO carillon_app;
SQL
