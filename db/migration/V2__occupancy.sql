-- Which rooms are read where. What the table is for stands in db/schema.sql.
CREATE TABLE carillon.occupancy (
  room text COLLATE "C" NOT NULL,
  instance text COLLATE "C" NOT NULL,
  connections integer NOT NULL CHECK (connections > 0),
  seen timestamptz NOT NULL,
  PRIMARY KEY (room, instance)
);
CREATE INDEX occupancy_instance ON carillon.occupancy (instance);

GRANT SELECT, INSERT, UPDATE, DELETE ON carillon.occupancy TO "${app_role}";
