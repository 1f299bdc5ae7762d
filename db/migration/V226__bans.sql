-- A ban is kept, so that all instances follow it and it outlives restarts. What the table is for stands
-- in db/schema.sql.
CREATE TABLE carillon.ban (
  username text COLLATE "C" PRIMARY KEY,
  until timestamptz NOT NULL,
  reason text COLLATE "C" NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
  by text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
GRANT SELECT, INSERT, UPDATE, DELETE ON carillon.ban TO "${app_role}";
