-- The page of a hot room's head is cleared again in ordinary times: an UPDATE by place never does that, and the
-- check of the unique index, which did, is gone since 212; so the row moved on each 80th publish, and the
-- table grew until autovacuum came.
-- bitmapscan off: such a scan would read all versions, and its price is nearly that of the right one.
ALTER FUNCTION carillon.heads(text[]) SET enable_bitmapscan = off;

-- Lets the database remove what nobody can see any more from the page of this place: it does so when it
-- scans a page or looks there by an index, but not for an UPDATE by place.
CREATE FUNCTION carillon.clear_page(p_place tid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp
SET enable_seqscan = off AS $$
DECLARE
  v_block text := split_part(ltrim(p_place::text, '('), ',', 1);
BEGIN
  PERFORM FROM room_head h
  WHERE h.ctid >= format('(%s,0)', v_block)::tid AND h.ctid <= format('(%s,65535)', v_block)::tid LIMIT 1;
END $$;

-- Appends events: one call, autocommitted, is one batch. Answers a row per event, ord from 1:
--   outcome 0 stored, 1 duplicate (seq, epoch and created are those of the first), 2 room busy (only
--   when not p_wait: nothing was done for it), 3 no such room.
-- Events of one room get their seq in the order of the arrays. p_key: what the publisher's retry is
-- known by; null: the id. p_look: the key may have been published before, look it up (not so for an id
-- that the server has just made). A key that is there without having been looked up, or twice in one
-- call, is a unique_violation for the whole call.
--
-- p_place, and place in the answer: where the row of the room's head was after the caller's last write,
-- or null. While an old snapshot is open, no version of that row may be removed, and to find the newest
-- one by its key may be to walk over all of them; so it is looked for where it was, then along the
-- versions that others have made since, then by its key from the last page, and by its key alone at last.
-- At each tenth place the page is cleared, so that the row stays on it.
-- A place is a mere hint and never wrong: the number of the room is looked at too. A batch of more than
-- 8 rooms is answered without places: the places of before are as good.
--
-- One event, or a few, of keys that need no look go by plain statements one after another: starting the
-- one statement that does any number costs four times as much as what it then does for one.
-- Separate statements on purpose: the second one's snapshot must come after the lock. Rooms are locked in
-- the order of their numbers: a few one after another by their places, many by one statement and their
-- keys.
CREATE OR REPLACE FUNCTION carillon.append_at(
  p_room bigint[], p_place text[], p_key text[], p_id text[], p_name text[], p_producer text[],
  p_data text[], p_meta text[], p_encoding smallint[], p_origin text[], p_look boolean[], p_wait boolean)
RETURNS TABLE (ord integer, outcome smallint, seq bigint, epoch text, created timestamptz, place text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = carillon, pg_temp
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET enable_bitmapscan = off
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
  l_room bigint[] := '{}';
  l_place tid[] := '{}';
  l_seq bigint[] := '{}';
  l_epoch text[] := '{}';
  l_day date[] := '{}';
  v_forked bigint[];
  v_head record;
  v_room bigint;
  v_hint tid;
  v_place tid;
  v_found boolean;
  v_at integer;
  v_last date;
  v_system bigint;
  v_timeline integer;
  v_home bigint;
  v_today date;
  v_now timestamptz;
  v_seq bigint;
  v_epoch text;
  v_day date;
  v_count integer := cardinality(p_room);
  v_plain boolean := p_wait AND v_count <= 4 AND NOT (true = ANY (p_look));
  v_few boolean;
BEGIN
  IF current_setting('synchronous_commit') NOT IN ('on', 'remote_apply') THEN
    RAISE EXCEPTION 'synchronous_commit is % in this session: refused', current_setting('synchronous_commit')
      USING ERRCODE = '55000', HINT = 'A pooler between Carillon and the database must be in session mode.';
  END IF;
  -- As home() has it, without a look into a catalog: the path ends with the database and the file.
  SELECT s.system_identifier,
    split_part(pg_relation_filepath('carillon.room_head'::regclass), '/', -2)::bigint << 32
      | 'carillon.room_head'::regclass::oid::bigint
  INTO v_system, v_home
  FROM pg_control_system() s;
  v_timeline := ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::integer;

  IF v_plain AND v_count = 1 THEN
    v_today := (clock_timestamp() AT TIME ZONE 'UTC')::date;
    v_hint := p_place[1]::tid;
    IF p_place[1] LIKE '%0)' THEN
      PERFORM clear_page(v_hint);
    END IF;
    FOR i IN 1 .. 2 LOOP
      v_found := false;
      WHILE v_hint IS NOT NULL LOOP
        UPDATE room_head h SET seq = h.seq + 1, day = greatest(h.day, v_today)
        WHERE h.ctid = v_hint AND h.room_id = p_room[1]
          AND h.system_id = v_system AND h.timeline = v_timeline AND h.home = v_home
        RETURNING h.seq, h.epoch, h.day, h.ctid INTO v_seq, v_epoch, v_day, v_place;
        v_found := FOUND;
        EXIT WHEN v_found;
        v_hint := nullif(moved_to(v_hint), v_hint);
      END LOOP;
      EXIT WHEN v_found OR i = 2;
      SELECT h.ctid INTO v_hint FROM room_head h
      WHERE h.room_id BETWEEN p_room[1] AND p_room[1] ORDER BY h.room_id DESC LIMIT 1;
    END LOOP;
    IF NOT v_found THEN
      UPDATE room_head h SET seq = h.seq + 1, day = greatest(h.day, v_today)
      WHERE h.room_id = p_room[1] AND h.system_id = v_system AND h.timeline = v_timeline AND h.home = v_home
      RETURNING h.seq, h.epoch, h.day, h.ctid INTO v_seq, v_epoch, v_day, v_place;
      v_found := FOUND;
    END IF;
    IF v_found THEN
      v_now := clock_timestamp();
      INSERT INTO event (room_id, seq, created, day, encoding, epoch, id, name, producer, data, meta, origin)
      VALUES (p_room[1], v_seq, v_now, v_day, p_encoding[1], v_epoch, p_id[1], p_name[1], p_producer[1],
        p_data[1], p_meta[1], p_origin[1]);
      INSERT INTO dedupe (room_id, seq, day, producer, key, epoch)
      VALUES (p_room[1], v_seq, v_day, p_producer[1], coalesce(p_key[1], p_id[1]), v_epoch);
      ord := 1;
      outcome := 0;
      seq := v_seq;
      epoch := v_epoch;
      created := v_now;
      place := v_place::text;
      RETURN NEXT;
      RETURN;
    END IF;
  END IF;

  v_few := (SELECT count(DISTINCT t.room_id) FROM unnest(p_room) AS t (room_id)) <= 8;
  IF v_few THEN
    FOR v_room, v_hint IN
      SELECT DISTINCT ON (t.room_id) t.room_id, t.place::tid
      FROM unnest(p_room, p_place) AS t (room_id, place) ORDER BY t.room_id
    LOOP
      IF v_hint::text LIKE '%0)' THEN
        PERFORM clear_page(v_hint);
      END IF;
      v_found := false;
      WHILE v_hint IS NOT NULL LOOP
        IF p_wait THEN
          SELECT h.ctid AS place, h.* INTO v_head FROM room_head h
          WHERE h.ctid = v_hint AND h.room_id = v_room FOR NO KEY UPDATE;
        ELSE
          SELECT h.ctid AS place, h.* INTO v_head FROM room_head h
          WHERE h.ctid = v_hint AND h.room_id = v_room FOR NO KEY UPDATE SKIP LOCKED;
        END IF;
        v_found := FOUND;
        EXIT WHEN v_found;
        v_hint := nullif(moved_to(v_hint), v_hint);
      END LOOP;
      IF NOT v_found THEN
        IF p_wait THEN
          SELECT h.ctid AS place, h.* INTO v_head FROM room_head h
          WHERE h.room_id BETWEEN v_room AND v_room ORDER BY h.room_id DESC LIMIT 1 FOR NO KEY UPDATE;
        ELSE
          SELECT h.ctid AS place, h.* INTO v_head FROM room_head h
          WHERE h.room_id BETWEEN v_room AND v_room ORDER BY h.room_id DESC LIMIT 1
          FOR NO KEY UPDATE SKIP LOCKED;
        END IF;
        CONTINUE WHEN NOT FOUND;
      END IF;
      l_room := l_room || v_room;
      l_place := l_place || v_head.place;
      l_seq := l_seq || v_head.seq;
      l_epoch := l_epoch || v_head.epoch;
      l_day := l_day || v_head.day;
      v_last := greatest(v_last, v_head.day);
      IF v_head.system_id <> v_system OR v_head.timeline <> v_timeline OR v_head.home <> v_home THEN
        v_forked := v_forked || v_room;
      END IF;
    END LOOP;
  ELSIF p_wait THEN
    SELECT array_agg(h.room_id), array_agg(h.ctid), array_agg(h.seq), array_agg(h.epoch), array_agg(h.day),
      max(h.day), array_agg(h.room_id)
        FILTER (WHERE h.system_id <> v_system OR h.timeline <> v_timeline OR h.home <> v_home)
    INTO l_room, l_place, l_seq, l_epoch, l_day, v_last, v_forked
    FROM (SELECT DISTINCT t.room_id FROM unnest(p_room) AS t (room_id) ORDER BY t.room_id) t
    CROSS JOIN LATERAL (
      SELECT r.ctid, r.* FROM room_head r
      WHERE r.room_id BETWEEN t.room_id AND t.room_id ORDER BY r.room_id DESC LIMIT 1
      FOR NO KEY UPDATE) h;
  ELSE
    SELECT array_agg(h.room_id), array_agg(h.ctid), array_agg(h.seq), array_agg(h.epoch), array_agg(h.day),
      max(h.day), array_agg(h.room_id)
        FILTER (WHERE h.system_id <> v_system OR h.timeline <> v_timeline OR h.home <> v_home)
    INTO l_room, l_place, l_seq, l_epoch, l_day, v_last, v_forked
    FROM (SELECT DISTINCT t.room_id FROM unnest(p_room) AS t (room_id) ORDER BY t.room_id) t
    CROSS JOIN LATERAL (
      SELECT r.ctid, r.* FROM room_head r
      WHERE r.room_id BETWEEN t.room_id AND t.room_id ORDER BY r.room_id DESC LIMIT 1
      FOR NO KEY UPDATE SKIP LOCKED) h;
  END IF;

  IF v_forked IS NOT NULL THEN
    WITH old AS MATERIALIZED (
      SELECT h.room_id, h.epoch FROM room_head h WHERE h.room_id = ANY (v_forked)
    ), forked AS (
      UPDATE room_head h
      SET epoch = random_epoch(), system_id = v_system, timeline = v_timeline, home = v_home
      FROM old WHERE h.room_id = old.room_id
      RETURNING h.room_id, old.epoch AS old_epoch, h.seq, h.epoch)
    INSERT INTO room_epoch (room_id, epoch, fork_seq, next_epoch)
    SELECT f.room_id, f.old_epoch, f.seq, f.epoch FROM forked f;
    SELECT array_agg(h.room_id), array_agg(h.ctid), array_agg(h.seq), array_agg(h.epoch), array_agg(h.day)
    INTO l_room, l_place, l_seq, l_epoch, l_day
    FROM room_head h WHERE h.room_id = ANY (l_room);
  END IF;

  v_now := clock_timestamp();
  v_today := (v_now AT TIME ZONE 'UTC')::date;
  v_last := greatest(v_last, v_today);

  IF v_plain THEN
    FOR i IN 1..v_count LOOP
      v_at := array_position(l_room, p_room[i]);
      ord := i;
      outcome := 3;
      seq := NULL;
      epoch := NULL;
      created := v_now;
      place := NULL;
      IF v_at IS NOT NULL THEN
        UPDATE room_head h SET seq = h.seq + 1, day = greatest(h.day, v_today)
        WHERE h.ctid = l_place[v_at] AND h.room_id = p_room[i]
        RETURNING h.seq, h.epoch, h.day, h.ctid INTO STRICT v_seq, v_epoch, v_day, v_place;
        l_place[v_at] := v_place;
        INSERT INTO event (room_id, seq, created, day, encoding, epoch, id, name, producer, data, meta, origin)
        VALUES (p_room[i], v_seq, v_now, v_day, p_encoding[i], v_epoch, p_id[i], p_name[i], p_producer[i],
          p_data[i], p_meta[i], p_origin[i]);
        INSERT INTO dedupe (room_id, seq, day, producer, key, epoch)
        VALUES (p_room[i], v_seq, v_day, p_producer[i], coalesce(p_key[i], p_id[i]), v_epoch);
        outcome := 0;
        seq := v_seq;
        epoch := v_epoch;
        place := v_place::text;
      END IF;
      RETURN NEXT;
    END LOOP;
    RETURN;
  END IF;

  RETURN QUERY
  WITH item AS (
    SELECT t.room_id, coalesce(t.key, t.id) AS key, t.id, t.name, t.producer, t.data, t.meta, t.encoding,
      t.origin, t.ord, l_place[a.at] AS place, l_seq[a.at] AS head_seq, l_epoch[a.at] AS head_epoch,
      greatest(l_day[a.at], v_today) AS day, d.seq AS old_seq, d.epoch AS old_epoch, d.day AS old_day,
      (a.at IS NOT NULL AND d.seq IS NULL) AS fresh
    FROM unnest(p_room, p_key, p_id, p_name, p_producer, p_data, p_meta, p_encoding, p_origin, p_look)
      WITH ORDINALITY AS t (room_id, key, id, name, producer, data, meta, encoding, origin, look, ord)
    CROSS JOIN LATERAL (SELECT array_position(l_room, t.room_id) AS at OFFSET 0) a
    LEFT JOIN LATERAL (
      SELECT x.seq, x.epoch, x.day FROM dedupe x
      WHERE t.look AND a.at IS NOT NULL AND x.room_id = t.room_id AND x.producer = t.producer
        AND x.key = coalesce(t.key, t.id) AND x.day BETWEEN v_today - 1 AND v_last
      LIMIT 1) d ON true
  ), numbered AS MATERIALIZED (
    SELECT i.*, i.head_seq + count(*) FILTER (WHERE i.fresh)
      OVER (PARTITION BY i.room_id ORDER BY i.ord ROWS UNBOUNDED PRECEDING) AS new_seq
    FROM item i
  ), moved AS (
    -- Also where everything was a duplicate: a transaction that writes nothing would not wait for the
    -- synchronous standby, and a first publish that still waits for it must not be acked by its retry.
    UPDATE room_head h SET seq = m.top, day = m.day
    FROM (SELECT n.room_id, n.place, max(n.new_seq) AS top, max(n.day) AS day
          FROM numbered n WHERE n.head_seq IS NOT NULL GROUP BY n.room_id, n.place) m
    -- + 0: no index of the table serves, or a planner that knows of one row walks over all its versions.
    WHERE h.ctid = m.place AND h.room_id + 0 = m.room_id
    RETURNING h.room_id, h.ctid AS place
  ), stored AS (
    INSERT INTO event (room_id, seq, created, day, encoding, epoch, id, name, producer, data, meta, origin)
    SELECT n.room_id, n.new_seq, v_now, n.day, n.encoding, n.head_epoch, n.id, n.name, n.producer,
      n.data, n.meta, n.origin
    FROM numbered n WHERE n.fresh
  ), keyed AS (
    INSERT INTO dedupe (room_id, seq, day, producer, key, epoch)
    SELECT n.room_id, n.new_seq, n.day, n.producer, n.key, n.head_epoch
    FROM numbered n WHERE n.fresh
  )
  SELECT n.ord::integer,
    (CASE WHEN n.fresh THEN 0
          WHEN n.old_seq IS NOT NULL THEN 1
          WHEN NOT p_wait AND EXISTS (SELECT FROM room r WHERE r.room_id = n.room_id) THEN 2
          ELSE 3 END)::smallint,
    CASE WHEN n.fresh THEN n.new_seq ELSE n.old_seq END,
    CASE WHEN n.fresh THEN n.head_epoch ELSE n.old_epoch END,
    CASE WHEN n.old_seq IS NULL THEN v_now
         ELSE coalesce((SELECT e.created FROM event e WHERE e.room_id = n.room_id AND e.seq = n.old_seq
                          AND e.day = n.old_day), v_now) END,
    CASE WHEN v_few THEN (SELECT m.place::text FROM moved m WHERE m.room_id = n.room_id) END
  FROM numbered n;
END $$;

REVOKE ALL ON FUNCTION carillon.clear_page(tid) FROM PUBLIC;
