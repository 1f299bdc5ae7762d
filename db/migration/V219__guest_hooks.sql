-- Webhooks of applications of guests. What the tables are for stands in db/schema.sql.
ALTER TABLE carillon.guest_app ADD COLUMN hooks text COLLATE "C" NOT NULL DEFAULT '';

CREATE TABLE carillon.guest_hook (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  app text COLLATE "C" NOT NULL,
  address text COLLATE "C" NOT NULL,
  event text COLLATE "C" NOT NULL,
  created timestamptz NOT NULL DEFAULT clock_timestamp(),
  due timestamptz NOT NULL DEFAULT clock_timestamp(),
  tries integer NOT NULL DEFAULT 0
);
CREATE INDEX guest_hook_due ON carillon.guest_hook (due);

CREATE TABLE carillon.guest_seen (
  app text COLLATE "C" NOT NULL,
  room text COLLATE "C" NOT NULL,
  username text COLLATE "C" NOT NULL,
  PRIMARY KEY (app, room, username)
);

-- Compares who is there with who was told to be, and queues what has changed; one caller an application at
-- a time, the others find nothing to do. Answers how many rows it queued.
CREATE FUNCTION carillon.guest_sweep(p_app text, p_space text, p_addresses text[]) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp AS $$
DECLARE
  v_begin text := p_space || ':';
  v_queued integer;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('carillon.guest_sweep ' || p_app, 0)) THEN
    RETURN 0;
  END IF;
  WITH there AS MATERIALIZED (
    SELECT t.room, t.username FROM (
      SELECT o.room, '' AS username FROM occupancy o
      WHERE starts_with(o.room, v_begin) AND o.connections > 0 AND EXISTS (
        SELECT FROM instance i WHERE i.id = o.instance AND i.expires > clock_timestamp())
      UNION
      SELECT p.room, '' FROM presence p WHERE starts_with(p.room, v_begin) AND p.gone_at IS NULL
      UNION
      SELECT p.room, p.username FROM presence p
      WHERE starts_with(p.room, v_begin || 'presence-') AND p.gone_at IS NULL) t
    WHERE substr(t.room, length(v_begin) + 1) ~ '^[A-Za-z0-9_=@,.-]+$'),
  gone AS (
    DELETE FROM guest_seen s
    WHERE s.app = p_app AND NOT EXISTS (
      SELECT FROM there t WHERE t.room = s.room AND t.username = s.username)
    RETURNING s.room, s.username),
  came AS (
    INSERT INTO guest_seen AS s (app, room, username)
    SELECT p_app, t.room, t.username FROM there t
    ON CONFLICT DO NOTHING
    RETURNING s.room, s.username),
  told AS (
    SELECT c.room, c.username, CASE c.username WHEN '' THEN 1 ELSE 2 END AS turn,
      CASE c.username WHEN '' THEN 'channel_occupied' ELSE 'member_added' END AS name
    FROM came c
    UNION ALL
    SELECT g.room, g.username, CASE g.username WHEN '' THEN 4 ELSE 3 END,
      CASE g.username WHEN '' THEN 'channel_vacated' ELSE 'member_removed' END
    FROM gone g)
  INSERT INTO guest_hook (app, address, event)
  SELECT p_app, a.address, (CASE t.username
      WHEN '' THEN json_build_object('name', t.name, 'channel', substr(t.room, length(v_begin) + 1))
      ELSE json_build_object('name', t.name, 'channel', substr(t.room, length(v_begin) + 1),
        'user_id', t.username) END)::text
  FROM told t CROSS JOIN unnest(p_addresses) AS a (address)
  ORDER BY t.turn, t.room, t.username;
  GET DIAGNOSTICS v_queued = ROW_COUNT;
  RETURN v_queued;
END $$;

REVOKE ALL ON FUNCTION carillon.guest_sweep(text, text, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION carillon.guest_sweep(text, text, text[]) TO "${app_role}";
GRANT SELECT, INSERT, UPDATE, DELETE ON carillon.guest_hook TO "${app_role}";
