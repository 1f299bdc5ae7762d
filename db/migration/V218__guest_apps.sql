-- Applications whose clients come as guests. What the table is for stands in db/schema.sql.
CREATE TABLE carillon.guest_app (
  id text COLLATE "C" PRIMARY KEY,
  app_key text COLLATE "C" NOT NULL UNIQUE,
  secret text COLLATE "C" NOT NULL,
  rights text COLLATE "C" NOT NULL,
  namespace text COLLATE "C" NOT NULL,
  enabled boolean NOT NULL,
  updated timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_by text COLLATE "C" NOT NULL,
  version bigint NOT NULL DEFAULT 0
);
CREATE TRIGGER guest_app_touch BEFORE UPDATE ON carillon.guest_app
FOR EACH ROW EXECUTE FUNCTION carillon.touch();
GRANT SELECT, INSERT, UPDATE, DELETE ON carillon.guest_app TO "${app_role}";
