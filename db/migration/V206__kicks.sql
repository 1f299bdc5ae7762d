-- A kick is kept, so that an instance that did not hear the word follows it all the same. What the
-- table is for stands in db/schema.sql.
CREATE TABLE carillon.kick (
  username text COLLATE "C" PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX kick_at ON carillon.kick (at);
GRANT SELECT, INSERT, UPDATE, DELETE ON carillon.kick TO "${app_role}";
