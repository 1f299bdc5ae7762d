-- Presence. What each table is for, and the order of locks, also stands in
-- db/schema.sql, which is the whole truth; this file is the step that leads there.

-- ---------------------------------------------------------------------------------------------
-- Presence
-- ---------------------------------------------------------------------------------------------

-- Lock order: a row of instance, then rows of room_presence by room, then rows of presence, which
-- are only ever written under the lock of their room. That lock also makes the order of revisions
-- the order of commits, so "revision > what I know" skips nothing.

-- Never given twice, so a room whose row was removed and made again cannot look like the old one.
CREATE SEQUENCE carillon.presence_revision;

-- The revision of a room's members, compared by the poll, so that a lost doorbell converges.
-- purged: who knows less than this must read the room as a whole, for the marks of members that left
-- were removed. A room without members and marks has no row.
CREATE TABLE carillon.room_presence (
  room text COLLATE "C" PRIMARY KEY,
  revision bigint NOT NULL,
  purged bigint NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

-- One row per (room, instance, connection); a lease of a user without a connection has instance ''
-- and the user's name as connection. tracked: the latest of a user's rows gives the state. leave_at:
-- shown until then. gone_at: a mark for who reads what changed; removed after a minute.
CREATE TABLE carillon.presence (
  room text COLLATE "C" NOT NULL,
  instance text COLLATE "C" NOT NULL,
  connection text COLLATE "C" NOT NULL,
  username text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL,
  since timestamptz NOT NULL,
  tracked bigint NOT NULL,
  revision bigint NOT NULL,
  leave_at timestamptz,
  gone_at timestamptz,
  PRIMARY KEY (room, instance, connection)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
CREATE INDEX presence_changes ON carillon.presence (room, revision);
CREATE INDEX presence_member ON carillon.presence (room, username) WHERE gone_at IS NULL;
CREATE INDEX presence_instance ON carillon.presence (instance) WHERE gone_at IS NULL;
CREATE INDEX presence_leaving ON carillon.presence (leave_at)
  WHERE gone_at IS NULL AND leave_at IS NOT NULL;
CREATE INDEX presence_gone ON carillon.presence (gone_at) WHERE gone_at IS NOT NULL;

-- Does a batch of acts in the order of the arrays, per room; one call, autocommitted, is one batch.
--   track, assert (only what is missing), close (leave p_millis from now), untrack: of this instance;
--   lease, renew (only a lease that is there): of a user, for p_millis; unlease.
-- Answers the rooms whose members changed, with their new revision. SQLSTATE CL001, and nothing done:
-- members were to be added, but the instance's own lease is over, so they would be swept.
CREATE FUNCTION carillon.presence_apply(
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
        AND p.connection = u.connection AND p.gone_at IS NULL AND p.leave_at IS NULL)
    ELSE EXISTS (
      SELECT FROM presence p WHERE p.room = u.room
        AND p.instance = CASE WHEN u.act IN ('renew', 'unlease') THEN '' ELSE p_instance END
        AND p.connection = u.connection AND p.gone_at IS NULL)
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
        AND p.gone_at IS NULL;
      CONTINUE;
    WHEN o.act IN ('track', 'assert', 'lease') THEN
      IF o.act = 'lease' THEN
        UPDATE presence p SET leave_at = v_until
        WHERE p.room = o.room AND p.instance = '' AND p.connection = o.connection
          AND p.gone_at IS NULL AND p.state = o.state;
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
        AND p.gone_at IS NULL AND p.leave_at IS NULL;
      CONTINUE WHEN NOT FOUND;
    ELSE -- untrack, unlease: also what is left of the user's connections that are closed already
      PERFORM FROM presence p
      WHERE p.room = o.room AND p.instance = v_owner AND p.connection = o.connection
        AND p.gone_at IS NULL;
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

-- All members of an instance leave p_millis from now, unless they come back.
CREATE FUNCTION carillon.presence_drain(p_instance text, p_millis bigint)
RETURNS TABLE (room text, revision bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp SET jit = off AS $$
DECLARE
  v_rooms text[];
BEGIN
  SELECT array_agg(l.room) INTO v_rooms FROM (
    SELECT x.room FROM room_presence x
    WHERE x.room IN (SELECT p.room FROM presence p
                     WHERE p.instance = p_instance AND p.gone_at IS NULL)
    ORDER BY x.room FOR NO KEY UPDATE) l;
  FOREACH room IN ARRAY coalesce(v_rooms, '{}') LOOP
    revision := nextval('presence_revision');
    UPDATE presence p
    SET leave_at = clock_timestamp() + make_interval(secs => p_millis / 1000.0),
      revision = presence_drain.revision
    WHERE p.room = presence_drain.room AND p.instance = p_instance AND p.gone_at IS NULL;
    UPDATE room_presence x SET revision = presence_drain.revision
    WHERE x.room = presence_drain.room;
    RETURN NEXT;
  END LOOP;
END $$;

-- Ends members whose time is over and those of instances whose lease is over; removes the rows of
-- such instances. Any instance may call it, one at a time does it, at most p_limit rooms a call.
CREATE FUNCTION carillon.presence_sweep(p_limit integer)
RETURNS TABLE (room text, revision bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp SET jit = off AS $$
DECLARE
  v_dead text[];
  v_rooms text[];
  v_now timestamptz;
BEGIN
  IF NOT pg_try_advisory_xact_lock(4706893) THEN
    RETURN;
  END IF;
  SELECT coalesce(array_agg(l.id), '{}') INTO v_dead FROM (
    SELECT i.id FROM instance i WHERE i.expires <= clock_timestamp()
    ORDER BY i.id FOR UPDATE SKIP LOCKED) l;
  SELECT array_agg(l.room) INTO v_rooms FROM (
    SELECT x.room FROM room_presence x
    WHERE x.room IN (
      SELECT p.room FROM presence p
      WHERE p.gone_at IS NULL AND p.leave_at <= clock_timestamp()
      UNION
      SELECT p.room FROM presence p
      WHERE p.instance = ANY (v_dead) AND p.gone_at IS NULL AND p.leave_at IS NULL
      LIMIT p_limit)
    ORDER BY x.room FOR NO KEY UPDATE) l;
  v_now := clock_timestamp();
  FOREACH room IN ARRAY coalesce(v_rooms, '{}') LOOP
    revision := nextval('presence_revision');
    UPDATE presence p SET gone_at = v_now, revision = presence_sweep.revision
    WHERE p.room = presence_sweep.room AND p.gone_at IS NULL
      AND (p.leave_at <= v_now OR p.leave_at IS NULL AND p.instance = ANY (v_dead));
    IF FOUND THEN
      UPDATE room_presence x SET revision = presence_sweep.revision
      WHERE x.room = presence_sweep.room;
      RETURN NEXT;
    END IF;
  END LOOP;
  DELETE FROM instance i
  WHERE i.id = ANY (v_dead) AND NOT EXISTS (
    SELECT FROM presence p WHERE p.instance = i.id AND p.gone_at IS NULL AND p.leave_at IS NULL);
END $$;

-- Removes marks of members that left more than a minute ago, in at most p_limit rooms.
CREATE FUNCTION carillon.presence_purge(p_limit integer) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp SET jit = off AS $$
DECLARE
  v_rooms text[];
  v_room text;
  v_purged bigint;
BEGIN
  SELECT array_agg(l.room) INTO v_rooms FROM (
    SELECT x.room FROM room_presence x
    WHERE x.room IN (SELECT p.room FROM presence p
                     WHERE p.gone_at < clock_timestamp() - interval '1 minute' LIMIT p_limit)
    ORDER BY x.room FOR UPDATE) l;
  FOREACH v_room IN ARRAY coalesce(v_rooms, '{}') LOOP
    WITH gone AS (
      DELETE FROM presence p
      WHERE p.room = v_room AND p.gone_at < clock_timestamp() - interval '1 minute'
      RETURNING p.revision)
    SELECT max(g.revision) INTO v_purged FROM gone g;
    UPDATE room_presence x SET purged = greatest(x.purged, v_purged) WHERE x.room = v_room;
    DELETE FROM room_presence x
    WHERE x.room = v_room AND NOT EXISTS (SELECT FROM presence p WHERE p.room = v_room);
  END LOOP;
  RETURN coalesce(cardinality(v_rooms), 0);
END $$;

REVOKE ALL ON FUNCTION
  carillon.presence_apply(text, text[], text[], text[], text[], text[], bigint[]),
  carillon.presence_drain(text, bigint),
  carillon.presence_sweep(integer),
  carillon.presence_purge(integer)
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
  carillon.presence_apply(text, text[], text[], text[], text[], text[], bigint[]),
  carillon.presence_drain(text, bigint),
  carillon.presence_sweep(integer),
  carillon.presence_purge(integer)
  TO "${app_role}";
GRANT SELECT ON carillon.presence, carillon.room_presence TO "${app_role}";
