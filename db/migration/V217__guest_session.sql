-- Sessions that clients of guest protocols go on with. What the table is for stands in db/schema.sql.
CREATE TABLE carillon.guest_session (
  pid bytea PRIMARY KEY,
  username text COLLATE "C" NOT NULL,
  connection text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL,
  expires timestamptz NOT NULL
) WITH (fillfactor = 70);

GRANT SELECT, INSERT, UPDATE, DELETE ON carillon.guest_session TO "${app_role}";
