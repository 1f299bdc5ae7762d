-- Streams that come back with a spent ticket. What the table is for stands in db/schema.sql.
CREATE TABLE carillon.stream_pass (
  ticket bytea PRIMARY KEY,
  claims text COLLATE "C" NOT NULL,
  browser bytea NOT NULL,
  place bytea NOT NULL,
  returned boolean NOT NULL DEFAULT false,
  expires timestamptz NOT NULL,
  ends timestamptz
);
CREATE INDEX stream_pass_browser ON carillon.stream_pass (browser);
CREATE INDEX stream_pass_expires ON carillon.stream_pass (expires);

GRANT SELECT, INSERT, UPDATE, DELETE ON carillon.stream_pass TO "${app_role}";
