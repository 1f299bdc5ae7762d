-- Membership over HTTP belongs to a client, not to a user; a re-assertion is no news. What the columns
-- and the functions are for stands in db/schema.sql.
ALTER TABLE carillon.presence ADD COLUMN call bigint, ADD COLUMN held bigint;

-- Does a batch of acts in the order of the arrays, per room; one call, autocommitted, is one batch.
--   track, assert (only what is missing or leaving, and as no news), close (leave p_millis from now),
--   untrack: of this instance;
--   lease (for p_millis), unlease: p_call 0, or the client's number of the call, which does nothing
--   once one with a higher number was done, and is remembered even if there is nothing to end;
--   renew (for p_millis, only what is there), release (ends p_millis from now): p_call is the number
--   of the client's stream; of several the one with the highest holds the lease.
-- Answers the rooms whose members changed, with their new revision. SQLSTATE CL001, and nothing done:
-- members were to be added, but the instance's own lease is over, so they would be swept.
CREATE FUNCTION carillon.presence_apply(
  p_instance text, p_act text[], p_room text[], p_connection text[], p_username text[],
  p_state text[], p_millis bigint[], p_call bigint[])
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
  FROM unnest(p_act, p_room, p_connection, p_call)
    WITH ORDINALITY AS u (act, room, connection, call, n)
  WHERE CASE u.act
    WHEN 'track' THEN true
    WHEN 'lease' THEN true
    WHEN 'assert' THEN NOT EXISTS (
      SELECT FROM presence p WHERE p.room = u.room AND p.instance = p_instance
        AND p.connection = u.connection AND (p.gone_at IS NULL) IS TRUE AND (p.leave_at IS NULL) IS TRUE)
    ELSE u.act = 'unlease' AND u.call > 0 OR EXISTS (
      SELECT FROM presence p WHERE p.room = u.room
        AND p.instance = CASE WHEN u.act IN ('renew', 'release', 'unlease') THEN ''
                              ELSE p_instance END
        AND p.connection = u.connection AND (p.gone_at IS NULL) IS TRUE
        AND CASE u.act WHEN 'renew' THEN coalesce(p.held, 0) <= u.call
                       WHEN 'release' THEN p.held = u.call ELSE true END)
      -- or it comes about by an act before it
      OR p_act && ARRAY['track', 'assert', 'lease']
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
          WHERE NOT EXISTS (SELECT FROM room_presence x WHERE x.room = r) ORDER BY r COLLATE "C") w
    ON CONFLICT (room) DO NOTHING;
    SELECT count(*) INTO v_locked FROM (
      SELECT FROM room_presence x WHERE x.room = ANY (v_rooms) ORDER BY x.room FOR NO KEY UPDATE) l;
    -- Fewer: a row was removed while we waited for it.
    EXIT WHEN v_locked = cardinality(v_rooms);
  END LOOP;

  v_now := clock_timestamp();
  FOR o IN
    SELECT u.* FROM unnest(p_act, p_room, p_connection, p_username, p_state, p_millis, p_call)
      WITH ORDINALITY AS u (act, room, connection, username, state, millis, call, n)
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
    v_owner := CASE WHEN o.act IN ('lease', 'renew', 'release', 'unlease') THEN ''
      ELSE p_instance END;
    v_until := v_now + make_interval(secs => o.millis / 1000.0);
    CASE
    WHEN o.act = 'renew' THEN
      UPDATE presence p SET leave_at = v_until, held = o.call
      WHERE p.room = o.room AND p.instance = '' AND p.connection = o.connection
        AND (p.gone_at IS NULL) IS TRUE AND coalesce(p.held, 0) <= o.call;
      CONTINUE;
    WHEN o.act = 'release' THEN
      UPDATE presence p SET leave_at = v_until
      WHERE p.room = o.room AND p.instance = '' AND p.connection = o.connection
        AND (p.gone_at IS NULL) IS TRUE AND p.held = o.call;
      CONTINUE;
    WHEN o.act IN ('track', 'assert', 'lease') THEN
      IF o.act = 'lease' THEN
        PERFORM FROM presence p
        WHERE p.room = o.room AND p.instance = '' AND p.connection = o.connection
          AND p.call > o.call;
        CONTINUE WHEN FOUND;
        UPDATE presence p SET leave_at = v_until, call = o.call
        WHERE p.room = o.room AND p.instance = '' AND p.connection = o.connection
          AND (p.gone_at IS NULL) IS TRUE AND p.state = o.state;
        CONTINUE WHEN FOUND;
      END IF;
      INSERT INTO presence AS p
        (room, instance, connection, username, state, since, tracked, revision, leave_at, call)
      VALUES (o.room, v_owner, o.connection, o.username, o.state,
        coalesce((SELECT min(x.since) FROM presence x
                  WHERE x.room = o.room AND x.username = o.username AND x.gone_at IS NULL), v_now),
        -- What is asserted was said before whatever the user said through others.
        CASE WHEN o.act = 'assert' THEN coalesce(
          (SELECT min(x.tracked) - 1000000 + o.n FROM presence x
           WHERE x.room = o.room AND x.username = o.username AND x.gone_at IS NULL
             AND x.instance <> p_instance), v_next) ELSE v_next END,
        v_next, CASE WHEN o.act = 'lease' THEN v_until END,
        CASE WHEN o.act = 'lease' THEN o.call END)
      ON CONFLICT (room, instance, connection) DO UPDATE
      SET username = excluded.username, state = excluded.state,
        (since, tracked) = (SELECT
          CASE WHEN same THEN p.since ELSE excluded.since END,
          CASE WHEN same THEN p.tracked ELSE excluded.tracked END
          FROM (SELECT o.act = 'assert' AND p.username = excluded.username
                  AND p.state = excluded.state AS same) s),
        revision = excluded.revision, leave_at = excluded.leave_at, gone_at = NULL,
        call = excluded.call;
    WHEN o.act = 'close' THEN
      UPDATE presence p SET leave_at = v_until, revision = v_next
      WHERE p.room = o.room AND p.instance = v_owner AND p.connection = o.connection
        AND (p.gone_at IS NULL) IS TRUE AND (p.leave_at IS NULL) IS TRUE;
      CONTINUE WHEN NOT FOUND;
    ELSE -- untrack, unlease: also what is left of the user's connections that are closed already
      IF o.call > 0 THEN
        INSERT INTO presence AS p (room, instance, connection, username, state, since, tracked,
          revision, gone_at, call)
        VALUES (o.room, '', o.connection, o.username, '{}', v_now, 0, 0, v_now, o.call)
        ON CONFLICT (room, instance, connection) DO UPDATE SET call = o.call
        WHERE coalesce(p.call, 0) <= o.call;
        CONTINUE WHEN NOT FOUND;
      END IF;
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

-- As servers of the version before call it.
CREATE OR REPLACE FUNCTION carillon.presence_apply(
  p_instance text, p_act text[], p_room text[], p_connection text[], p_username text[],
  p_state text[], p_millis bigint[])
RETURNS TABLE (room text, revision bigint)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp AS $$
  SELECT a.room, a.revision
  FROM presence_apply(p_instance, p_act, p_room, p_connection, p_username, p_state, p_millis,
    array_fill(0::bigint, ARRAY[cardinality(p_act)])) a
$$;

-- Members of an instance that are not among these (room, connection) leave p_millis from now, unless
-- they come back; what is leaving already is left alone.
CREATE FUNCTION carillon.presence_retain(
  p_instance text, p_room text[], p_connection text[], p_millis bigint)
RETURNS TABLE (room text, revision bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp SET jit = off AS $$
DECLARE
  v_rooms text[];
  v_connections text[];
  v_theirs text[];
BEGIN
  SELECT array_agg(s.room), array_agg(s.connection) INTO v_rooms, v_connections FROM (
    SELECT p.room, p.connection FROM presence p
    WHERE p.instance = p_instance AND p.gone_at IS NULL AND p.leave_at IS NULL
    EXCEPT
    SELECT k.room, k.connection FROM unnest(p_room, p_connection) AS k (room, connection)) s;
  PERFORM FROM room_presence x WHERE x.room = ANY (v_rooms) ORDER BY x.room FOR NO KEY UPDATE;
  FOR room, v_theirs IN
    SELECT s.room, array_agg(s.connection)
    FROM unnest(v_rooms, v_connections) AS s (room, connection)
    GROUP BY s.room ORDER BY s.room COLLATE "C"
  LOOP
    revision := nextval('presence_revision');
    UPDATE presence p
    SET leave_at = clock_timestamp() + make_interval(secs => p_millis / 1000.0),
      revision = presence_retain.revision
    WHERE p.room = presence_retain.room AND p.instance = p_instance
      AND p.connection = ANY (v_theirs) AND p.gone_at IS NULL AND p.leave_at IS NULL;
    IF FOUND THEN
      UPDATE room_presence x SET revision = presence_retain.revision
      WHERE x.room = presence_retain.room;
      RETURN NEXT;
    END IF;
  END LOOP;
END $$;

REVOKE ALL ON FUNCTION
  carillon.presence_apply(text, text[], text[], text[], text[], text[], bigint[], bigint[]),
  carillon.presence_retain(text, text[], text[], bigint)
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
  carillon.presence_apply(text, text[], text[], text[], text[], text[], bigint[], bigint[]),
  carillon.presence_retain(text, text[], text[], bigint)
  TO "${app_role}";
