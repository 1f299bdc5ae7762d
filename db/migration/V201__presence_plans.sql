-- A member's row is found by its primary key, never by a partial index: without statistics, which a
-- table that fills and empties within seconds hardly has, the planner took presence_instance and
-- read all members of the instance for each act. "(x IS NULL) IS TRUE" keeps the partial indexes out.

-- Does a batch of acts in the order of the arrays, per room; one call, autocommitted, is one batch.
--   track, assert (only what is missing), close (leave p_millis from now), untrack: of this instance;
--   lease, renew (only a lease that is there): of a user, for p_millis; unlease.
-- Answers the rooms whose members changed, with their new revision. SQLSTATE CL001, and nothing done:
-- members were to be added, but the instance's own lease is over, so they would be swept.
CREATE OR REPLACE FUNCTION carillon.presence_apply(
  p_instance text, p_act text[], p_room text[], p_connection text[], p_username text[],
  p_state text[], p_millis bigint[])
RETURNS TABLE (room text, revision bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
  v_todo bigint[];
  v_rooms text[];
  v_locked bigint;
  v_room text;
  v_next bigint;
  v_last bigint;
  v_owner text;
  v_now timestamptz;
  v_until timestamptz;
  o record;
BEGIN
  IF p_act && ARRAY['track', 'assert'] THEN
    PERFORM FROM instance i WHERE i.id = p_instance AND i.expires > clock_timestamp() FOR KEY SHARE;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'the lease of this instance is over' USING ERRCODE = 'CL001';
    END IF;
  END IF;

  -- What changes nothing takes no lock.
  SELECT array_agg(u.n), array_agg(DISTINCT u.room) INTO v_todo, v_rooms
  FROM unnest(p_act, p_room, p_connection) WITH ORDINALITY AS u (act, room, connection, n)
  WHERE CASE u.act
    WHEN 'track' THEN true
    WHEN 'lease' THEN true
    WHEN 'assert' THEN NOT EXISTS (
      SELECT FROM presence p WHERE p.room = u.room AND p.instance = p_instance
        AND p.connection = u.connection AND (p.gone_at IS NULL) IS TRUE AND (p.leave_at IS NULL) IS TRUE)
    ELSE EXISTS (
      SELECT FROM presence p WHERE p.room = u.room
        AND p.instance = CASE WHEN u.act IN ('renew', 'unlease') THEN '' ELSE p_instance END
        AND p.connection = u.connection AND (p.gone_at IS NULL) IS TRUE)
      -- or it comes about by an act before it
      OR u.act IN ('untrack', 'close', 'unlease')
        AND EXISTS (SELECT FROM unnest(p_act, p_room, p_connection) WITH ORDINALITY
                      AS e (act, room, connection, n)
                    WHERE e.n < u.n AND e.room = u.room AND e.connection = u.connection
                      AND e.act IN ('track', 'assert', 'lease'))
  END;
  IF v_todo IS NULL THEN
    RETURN;
  END IF;

  LOOP
    INSERT INTO room_presence (room, revision, purged)
    SELECT w.room, w.first, w.first
    FROM (SELECT r AS room, nextval('presence_revision') AS first FROM unnest(v_rooms) r
          WHERE NOT EXISTS (SELECT FROM room_presence x WHERE x.room = r) ORDER BY r) w
    ON CONFLICT (room) DO NOTHING;
    SELECT count(*) INTO v_locked FROM (
      SELECT FROM room_presence x WHERE x.room = ANY (v_rooms) ORDER BY x.room FOR NO KEY UPDATE) l;
    -- Fewer: a row was removed while we waited for it.
    EXIT WHEN v_locked = cardinality(v_rooms);
  END LOOP;

  v_now := clock_timestamp();
  FOR o IN
    SELECT u.* FROM unnest(p_act, p_room, p_connection, p_username, p_state, p_millis)
      WITH ORDINALITY AS u (act, room, connection, username, state, millis, n)
    WHERE u.n = ANY (v_todo) ORDER BY u.room COLLATE "C", u.n
  LOOP
    IF v_room IS DISTINCT FROM o.room THEN
      IF v_last IS NOT NULL THEN
        UPDATE room_presence x SET revision = v_last WHERE x.room = v_room;
        room := v_room; revision := v_last;
        RETURN NEXT;
      END IF;
      v_room := o.room;
      v_last := NULL;
    END IF;
    v_next := nextval('presence_revision');
    v_owner := CASE WHEN o.act IN ('lease', 'renew', 'unlease') THEN '' ELSE p_instance END;
    v_until := v_now + make_interval(secs => o.millis / 1000.0);
    CASE
    WHEN o.act = 'renew' THEN
      UPDATE presence p SET leave_at = v_until
      WHERE p.room = o.room AND p.instance = '' AND p.connection = o.connection
        AND (p.gone_at IS NULL) IS TRUE;
      CONTINUE;
    WHEN o.act IN ('track', 'assert', 'lease') THEN
      IF o.act = 'lease' THEN
        UPDATE presence p SET leave_at = v_until
        WHERE p.room = o.room AND p.instance = '' AND p.connection = o.connection
          AND (p.gone_at IS NULL) IS TRUE AND p.state = o.state;
        CONTINUE WHEN FOUND;
      END IF;
      INSERT INTO presence AS p
        (room, instance, connection, username, state, since, tracked, revision, leave_at)
      VALUES (o.room, v_owner, o.connection, o.username, o.state,
        coalesce((SELECT min(x.since) FROM presence x
                  WHERE x.room = o.room AND x.username = o.username AND x.gone_at IS NULL), v_now),
        v_next, v_next, CASE WHEN o.act = 'lease' THEN v_until END)
      ON CONFLICT (room, instance, connection) DO UPDATE
      SET username = excluded.username, state = excluded.state, since = excluded.since,
        tracked = excluded.tracked, revision = excluded.revision, leave_at = excluded.leave_at,
        gone_at = NULL;
    WHEN o.act = 'close' THEN
      UPDATE presence p SET leave_at = v_until, revision = v_next
      WHERE p.room = o.room AND p.instance = v_owner AND p.connection = o.connection
        AND (p.gone_at IS NULL) IS TRUE AND (p.leave_at IS NULL) IS TRUE;
      CONTINUE WHEN NOT FOUND;
    ELSE -- untrack, unlease: also what is left of the user's connections that are closed already
      PERFORM FROM presence p
      WHERE p.room = o.room AND p.instance = v_owner AND p.connection = o.connection
        AND (p.gone_at IS NULL) IS TRUE;
      CONTINUE WHEN NOT FOUND;
      UPDATE presence p SET gone_at = v_now, revision = v_next
      WHERE p.room = o.room AND p.gone_at IS NULL
        AND (p.instance = v_owner AND p.connection = o.connection
          OR p.username = o.username AND p.instance <> '' AND p.leave_at IS NOT NULL);
    END CASE;
    v_last := v_next;
  END LOOP;
  IF v_last IS NOT NULL THEN
    UPDATE room_presence x SET revision = v_last WHERE x.room = v_room;
    room := v_room; revision := v_last;
    RETURN NEXT;
  END IF;
END $$;
