-- Counts of the subscriptions of guests' channels. What the table is for stands in db/schema.sql.
ALTER TABLE carillon.guest_app ADD COLUMN counts boolean NOT NULL DEFAULT false;

CREATE TABLE carillon.guest_count (
  app text COLLATE "C" NOT NULL,
  room text COLLATE "C" NOT NULL,
  subscriptions integer NOT NULL,
  PRIMARY KEY (app, room)
);

-- Compares how many read each channel with what was told, and queues what has changed for the addresses;
-- presence channels tell their members instead. One caller an application at a time. Answers what has
-- changed; 0: nobody reads any more.
CREATE FUNCTION carillon.guest_counts(p_app text, p_space text, p_addresses text[])
RETURNS TABLE (told_room text, told_count integer)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp AS $$
DECLARE
  v_begin text := p_space || ':';
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('carillon.guest_counts ' || p_app, 0)) THEN
    RETURN;
  END IF;
  RETURN QUERY
  WITH there AS MATERIALIZED (
    SELECT o.room, sum(o.connections)::integer AS subscriptions FROM occupancy o
    WHERE starts_with(o.room, v_begin) AND o.connections > 0
      AND NOT starts_with(o.room, v_begin || 'presence-')
      AND substr(o.room, length(v_begin) + 1) ~ '^[A-Za-z0-9_=@,.-]+$'
      AND EXISTS (SELECT FROM instance i WHERE i.id = o.instance AND i.expires > clock_timestamp())
    GROUP BY o.room),
  gone AS (
    DELETE FROM guest_count c
    WHERE c.app = p_app AND NOT EXISTS (SELECT FROM there t WHERE t.room = c.room)
    RETURNING c.room, 0 AS subscriptions),
  moved AS (
    INSERT INTO guest_count AS c (app, room, subscriptions)
    SELECT p_app, t.room, t.subscriptions FROM there t
    ON CONFLICT (app, room) DO UPDATE SET subscriptions = excluded.subscriptions
      WHERE c.subscriptions <> excluded.subscriptions
    RETURNING c.room, c.subscriptions),
  told AS MATERIALIZED (
    SELECT m.room, m.subscriptions FROM moved m
    UNION ALL
    SELECT g.room, g.subscriptions FROM gone g),
  queued AS (
    INSERT INTO guest_hook (app, address, event)
    SELECT p_app, a.address, json_build_object('name', 'subscription_count',
        'channel', substr(t.room, length(v_begin) + 1), 'subscription_count', t.subscriptions)::text
    FROM told t CROSS JOIN unnest(p_addresses) AS a (address)
    ORDER BY t.room)
  SELECT t.room, t.subscriptions FROM told t ORDER BY t.room;
END $$;

REVOKE ALL ON FUNCTION carillon.guest_counts(text, text, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION carillon.guest_counts(text, text, text[]) TO "${app_role}";
