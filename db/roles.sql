-- The roles, once per cluster, by an administrator; then, as that administrator, per database:
--   psql -v ON_ERROR_STOP=1 -f db/roles.sql
--   CREATE DATABASE carillon OWNER carillon_owner ENCODING 'UTF8' TEMPLATE template0;
-- Passwords are given afterwards: ALTER ROLE carillon_app PASSWORD '...' (likewise carillon_owner).
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'carillon_owner') THEN
    CREATE ROLE carillon_owner LOGIN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'carillon_app') THEN
    CREATE ROLE carillon_app LOGIN;
  END IF;
  -- Grant this one to every role that may publish inside its own transactions.
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'carillon_publisher') THEN
    CREATE ROLE carillon_publisher NOLOGIN;
  END IF;
END $$;
-- For Carillon's own role only, never for the applications' transactions. Not shorter: a JTA
-- transaction of the same WAR may use this role.
ALTER ROLE carillon_app SET idle_in_transaction_session_timeout = '60s';
