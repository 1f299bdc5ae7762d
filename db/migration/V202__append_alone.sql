-- The append of one event, or of a few, by plain statements: starting the one statement that appends any
-- number cost about 600 µs of the database's processor time, whatever the number.
-- Appends events: one call, autocommitted, is one batch. Answers a row per event, ord from 1:
--   outcome 0 stored, 1 duplicate (seq and epoch are those of the first), 2 room busy (only when not
--   p_wait: nothing was done for it), 3 no such room.
-- Events of one room get their seq in the order of the arrays. p_look: the id may have been published
-- before, look it up (not so for an id that the server has just made). An id that is there without
-- having been looked up, or twice in one call, is a unique_violation for the whole call.
-- One event, or a few, of ids that need no look go by plain statements one after another: starting the
-- one statement that does any number costs four times as much as what it then does for one.
-- Separate statements on purpose: the second one's snapshot must come after the lock.
CREATE OR REPLACE FUNCTION carillon.append(
  p_room bigint[], p_id text[], p_name text[], p_producer text[], p_data text[], p_meta text[],
  p_encoding smallint[], p_origin text[], p_look boolean[], p_wait boolean DEFAULT true)
RETURNS TABLE (ord integer, outcome smallint, seq bigint, epoch text, created timestamptz)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = carillon, pg_temp
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
  v_locked bigint[];
  v_forked boolean;
  v_last date;
  v_system bigint;
  v_timeline integer;
  v_today date;
  v_now timestamptz;
  v_seq bigint;
  v_epoch text;
  v_day date;
  v_count integer := cardinality(p_room);
  v_plain boolean := p_wait AND v_count <= 4 AND NOT (true = ANY (p_look));
BEGIN
  SELECT system_identifier INTO v_system FROM pg_control_system();
  v_timeline := ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::integer;

  IF v_plain AND v_count = 1 THEN
    v_today := (clock_timestamp() AT TIME ZONE 'UTC')::date;
    UPDATE room_head h SET seq = h.seq + 1, day = greatest(h.day, v_today)
    WHERE h.room_id = p_room[1] AND h.system_id = v_system AND h.timeline = v_timeline
    RETURNING h.seq, h.epoch, h.day INTO v_seq, v_epoch, v_day;
    IF FOUND THEN
      v_now := clock_timestamp();
      INSERT INTO event (room_id, seq, created, day, encoding, epoch, id, name, producer, data, meta, origin)
      VALUES (p_room[1], v_seq, v_now, v_day, p_encoding[1], v_epoch, p_id[1], p_name[1], p_producer[1],
        p_data[1], p_meta[1], p_origin[1]);
      INSERT INTO dedupe (room_id, seq, day, producer, key, epoch)
      VALUES (p_room[1], v_seq, v_day, p_producer[1], p_id[1], v_epoch);
      ord := 1;
      outcome := 0;
      seq := v_seq;
      epoch := v_epoch;
      created := v_now;
      RETURN NEXT;
      RETURN;
    END IF;
  END IF;

  IF p_wait THEN
    SELECT array_agg(l.room_id), bool_or(l.system_id <> v_system OR l.timeline <> v_timeline), max(l.day)
    INTO v_locked, v_forked, v_last
    FROM (SELECT h.room_id, h.system_id, h.timeline, h.day FROM room_head h
          WHERE h.room_id = ANY (p_room) ORDER BY h.room_id FOR NO KEY UPDATE) l;
  ELSE
    SELECT array_agg(l.room_id), bool_or(l.system_id <> v_system OR l.timeline <> v_timeline), max(l.day)
    INTO v_locked, v_forked, v_last
    FROM (SELECT h.room_id, h.system_id, h.timeline, h.day FROM room_head h
          WHERE h.room_id = ANY (p_room) ORDER BY h.room_id FOR NO KEY UPDATE SKIP LOCKED) l;
  END IF;

  IF v_forked THEN
    WITH old AS MATERIALIZED (
      SELECT h.room_id, h.epoch FROM room_head h
      WHERE h.room_id = ANY (v_locked) AND (h.system_id <> v_system OR h.timeline <> v_timeline)
    ), forked AS (
      UPDATE room_head h SET epoch = random_epoch(), system_id = v_system, timeline = v_timeline
      FROM old WHERE h.room_id = old.room_id
      RETURNING h.room_id, old.epoch AS old_epoch, h.seq, h.epoch)
    INSERT INTO room_epoch (room_id, epoch, fork_seq, next_epoch)
    SELECT f.room_id, f.old_epoch, f.seq, f.epoch FROM forked f;
  END IF;

  v_now := clock_timestamp();
  v_today := (v_now AT TIME ZONE 'UTC')::date;
  v_last := greatest(v_last, v_today);

  IF v_plain THEN
    FOR i IN 1..v_count LOOP
      UPDATE room_head h SET seq = h.seq + 1, day = greatest(h.day, v_today)
      WHERE h.room_id = p_room[i]
      RETURNING h.seq, h.epoch, h.day INTO v_seq, v_epoch, v_day;
      IF FOUND THEN
        INSERT INTO event (room_id, seq, created, day, encoding, epoch, id, name, producer, data, meta, origin)
        VALUES (p_room[i], v_seq, v_now, v_day, p_encoding[i], v_epoch, p_id[i], p_name[i], p_producer[i],
          p_data[i], p_meta[i], p_origin[i]);
        INSERT INTO dedupe (room_id, seq, day, producer, key, epoch)
        VALUES (p_room[i], v_seq, v_day, p_producer[i], p_id[i], v_epoch);
        outcome := 0;
      ELSE
        outcome := 3;
      END IF;
      ord := i;
      seq := v_seq;
      epoch := v_epoch;
      created := v_now;
      RETURN NEXT;
    END LOOP;
    RETURN;
  END IF;

  RETURN QUERY
  WITH item AS (
    SELECT t.*, h.seq AS head_seq, h.epoch AS head_epoch, greatest(h.day, v_today) AS day,
      d.seq AS old_seq, d.epoch AS old_epoch, (h.room_id IS NOT NULL AND d.seq IS NULL) AS fresh
    FROM unnest(p_room, p_id, p_name, p_producer, p_data, p_meta, p_encoding, p_origin, p_look)
      WITH ORDINALITY AS t (room_id, id, name, producer, data, meta, encoding, origin, look, ord)
    LEFT JOIN room_head h
      ON h.room_id = t.room_id AND (p_wait OR h.room_id = ANY (v_locked))
    LEFT JOIN LATERAL (
      SELECT x.seq, x.epoch FROM dedupe x
      WHERE t.look AND x.room_id = h.room_id AND x.producer = t.producer AND x.key = t.id
        AND x.day BETWEEN v_today - 1 AND v_last
      LIMIT 1) d ON true
  ), numbered AS MATERIALIZED (
    SELECT i.*, i.head_seq + count(*) FILTER (WHERE i.fresh)
      OVER (PARTITION BY i.room_id ORDER BY i.ord ROWS UNBOUNDED PRECEDING) AS new_seq
    FROM item i
  ), moved AS (
    -- Also where everything was a duplicate: a transaction that writes nothing would not wait for the
    -- synchronous standby, and a first publish that still waits for it must not be acked by its retry.
    UPDATE room_head h SET seq = m.top, day = m.day
    FROM (SELECT n.room_id, max(n.new_seq) AS top, max(n.day) AS day
          FROM numbered n WHERE n.head_seq IS NOT NULL GROUP BY n.room_id) m
    WHERE h.room_id = m.room_id
  ), stored AS (
    INSERT INTO event (room_id, seq, created, day, encoding, epoch, id, name, producer, data, meta, origin)
    SELECT n.room_id, n.new_seq, v_now, n.day, n.encoding, n.head_epoch, n.id, n.name, n.producer,
      n.data, n.meta, n.origin
    FROM numbered n WHERE n.fresh
  ), keyed AS (
    INSERT INTO dedupe (room_id, seq, day, producer, key, epoch)
    SELECT n.room_id, n.new_seq, n.day, n.producer, n.id, n.head_epoch
    FROM numbered n WHERE n.fresh
  )
  SELECT n.ord::integer,
    (CASE WHEN n.fresh THEN 0
          WHEN n.old_seq IS NOT NULL THEN 1
          WHEN NOT p_wait AND EXISTS (SELECT FROM room_head h WHERE h.room_id = n.room_id) THEN 2
          ELSE 3 END)::smallint,
    CASE WHEN n.fresh THEN n.new_seq ELSE n.old_seq END,
    CASE WHEN n.fresh THEN n.head_epoch ELSE n.old_epoch END,
    v_now
  FROM numbered n;
END $$;
