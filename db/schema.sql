-- Carillon's database, the whole truth: what a fully migrated database contains.
--
--   psql -v ON_ERROR_STOP=1 -f db/roles.sql     (once per cluster, by an administrator)
--   psql -v ON_ERROR_STOP=1 -f db/schema.sql    (as carillon_owner, into an empty UTF8 database)
--
-- The server itself runs db/migration/*.sql instead; a test keeps both equal.
-- Roles: carillon_owner owns everything and migrates; carillon_app is the server and has no DDL;
-- carillon_publisher is the group of roles that may call carillon.publish inside their transactions.
--
-- Lock order, for every transaction that takes more than one lock:
--   1. rows of outbox_order, by number   2. rows of room, by name   3. rows of room_head, by room_id
-- The append takes 3 only, the relay 1 then 3, the making of rooms 2 only (in a transaction of its
-- own), retention 3 only. An application's transaction takes none of them.

DO $$ BEGIN
  IF to_regnamespace('carillon') IS NULL THEN
    CREATE SCHEMA carillon;
  END IF;
END $$;

-- The oldest program that this schema still serves, by the number of its newest migration: an
-- instance of the version before can restart in the middle of an upgrade, and a version can be taken
-- back. A migration that such a program cannot work with replaces this function.
CREATE FUNCTION carillon.oldest_program() RETURNS text
LANGUAGE sql IMMUTABLE
RETURN '202';

-- ---------------------------------------------------------------------------------------------
-- Rooms
-- ---------------------------------------------------------------------------------------------

-- A short random word of 48 bits: the name of an epoch.
CREATE FUNCTION carillon.random_epoch() RETURNS text
LANGUAGE sql VOLATILE
RETURN substr(replace(gen_random_uuid()::text, '-', ''), 1, 12);

-- A random number of 53 bits. Rooms are not counted by a sequence on purpose: after a failover that
-- lost rows a sequence gives the same numbers to other rooms, and an instance that remembers
-- "orders:42 is room 17" would write into a stranger's room. 53 bits, so that every reader of JSON
-- can hold one.
CREATE FUNCTION carillon.random_room_id() RETURNS bigint
LANGUAGE sql VOLATILE
RETURN ('x' || substr(md5(gen_random_uuid()::text), 1, 16))::bit(64)::bigint & 9007199254740991;

-- A UUID of version 7: 48 bits of milliseconds, the rest random.
CREATE FUNCTION carillon.uuid7() RETURNS text
LANGUAGE sql VOLATILE
RETURN (SELECT substr(r.ms, 1, 8) || '-' || substr(r.ms, 9, 4) || '-7' || substr(r.random, 16)
  FROM (SELECT lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') AS ms,
          gen_random_uuid()::text AS random) r);

-- Names of rooms. A room begins with its first event (or its first member); reading makes no row,
-- and a row is never deleted.
CREATE TABLE carillon.room (
  room_id bigint PRIMARY KEY DEFAULT carillon.random_room_id(),
  name text COLLATE "C" NOT NULL UNIQUE
    CHECK (name ~ '^[A-Za-z0-9_.:@=,~-]{1,200}$' AND name NOT IN ('.', '..'))
);

-- Which log this is within its cluster: the database and the table, which are others after a restore
-- of a dump, be it into another database, over this one, or by CREATE DATABASE ... TEMPLATE.
CREATE FUNCTION carillon.home() RETURNS bigint
LANGUAGE sql STABLE AS $$
  SELECT d.oid::bigint << 32 | to_regclass('carillon.room_head')::oid::bigint
  FROM pg_catalog.pg_database d WHERE d.datname = current_database()
$$;

-- One narrow hot row per room: the counter that gives seq. Its row lock is what makes the order of
-- seq the order of commits. Never deleted. floor_seq is the highest seq that was removed.
-- One row a room because make_rooms alone adds them, for the rooms it has just made; not because of a
-- unique index: such an index looks at all versions of the row, which an old snapshot keeps, whenever the
-- row moves to another page. Who looks for a row by its key reads the index from its end (BETWEEN and
-- ORDER BY, for which the planner has no shortcut): among equal keys it is in the order of the pages, and
-- the newest version is on the last one, or near it.
-- (system_id, timeline, home) is where the last write happened: another one means that the log may have
-- been rewound, and the next append then begins a new epoch.
CREATE TABLE carillon.room_head (
  room_id bigint NOT NULL REFERENCES carillon.room,
  seq bigint NOT NULL DEFAULT 0,
  floor_seq bigint NOT NULL DEFAULT 0,
  epoch text COLLATE "C" NOT NULL,
  system_id bigint NOT NULL,
  timeline integer NOT NULL,
  day date NOT NULL,
  home bigint NOT NULL DEFAULT carillon.home(),
  CHECK (floor_seq BETWEEN 0 AND seq)
) WITH (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
CREATE INDEX room_head_room ON carillon.room_head (room_id);
-- Or nobody could write it while somebody publishes all tables of this database to a subscriber.
ALTER TABLE carillon.room_head REPLICA IDENTITY FULL;

-- Epochs that ended: events up to fork_seq belong to what follows too, so a cursor of the old epoch
-- that is not beyond it simply continues.
CREATE TABLE carillon.room_epoch (
  room_id bigint NOT NULL REFERENCES carillon.room,
  epoch text COLLATE "C" NOT NULL,
  fork_seq bigint NOT NULL,
  next_epoch text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (room_id, epoch)
);

-- ---------------------------------------------------------------------------------------------
-- The log
-- ---------------------------------------------------------------------------------------------

-- The events. Written by carillon.append alone, never updated; removed by whole days.
-- encoding: 0 = data is JSON text, 1 = data is base64 of bytes. origin: the publishing connection.
CREATE TABLE carillon.event (
  room_id bigint NOT NULL,
  seq bigint NOT NULL,
  created timestamptz NOT NULL,
  day date NOT NULL,
  encoding smallint NOT NULL DEFAULT 0,
  epoch text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  producer text COLLATE "C" NOT NULL,
  data text COLLATE "C" NOT NULL,
  meta text COLLATE "C",
  origin text COLLATE "C",
  PRIMARY KEY (room_id, seq, day)
) PARTITION BY RANGE (day);

-- The publisher's keys, of today and yesterday: a retry finds its first publish here.
CREATE TABLE carillon.dedupe (
  room_id bigint NOT NULL,
  seq bigint NOT NULL,
  day date NOT NULL,
  producer text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  epoch text COLLATE "C" NOT NULL,
  PRIMARY KEY (room_id, producer, key, day)
) PARTITION BY RANGE (day);

-- Today in UTC, whatever the session's time zone says.
CREATE FUNCTION carillon.today() RETURNS date
LANGUAGE sql VOLATILE
RETURN (clock_timestamp() AT TIME ZONE 'UTC')::date;

-- Makes the rooms of these names that do not exist yet, in name order, and answers all of them.
-- To be called in a transaction of its own.
CREATE FUNCTION carillon.make_rooms(p_names text[])
RETURNS TABLE (name text, room_id bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp AS $$
#variable_conflict use_column
BEGIN
  WITH made AS (
    INSERT INTO room (name)
    SELECT n FROM (SELECT DISTINCT unnest(p_names) COLLATE "C" AS n) w
    WHERE NOT EXISTS (SELECT FROM room r WHERE r.name = w.n)
    ORDER BY n
    ON CONFLICT (name) DO NOTHING
    RETURNING room_id)
  INSERT INTO room_head (room_id, epoch, system_id, timeline, day)
  SELECT m.room_id, random_epoch(), s.system_identifier,
    ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::integer, today()
  FROM made m, pg_control_system() s;
  -- A statement of its own: its snapshot also sees what others committed while we waited for them.
  RETURN QUERY SELECT r.name, r.room_id FROM room r WHERE r.name = ANY (p_names);
END $$;

-- Where a row of room_head is now that was at p_place when its session last wrote it: follows the
-- versions that others have made since. Null if there is no such place; another room's row may be
-- there by now, so whoever asks has to look at the number of the room too.
CREATE FUNCTION carillon.moved_to(p_place tid) RETURNS tid
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp AS $$
  -- Beyond the end it would be an error; nobody shortens the table while this transaction has its lock.
  SELECT CASE
    WHEN split_part(ltrim(p_place::text, '('), ',', 1)::bigint
      < pg_relation_size('carillon.room_head') / current_setting('block_size')::bigint
    THEN currtid2('carillon.room_head', p_place)
  END
$$;

-- The head of a room: no row if there is no such room. place, and p_place of a later call: where its
-- row is, or null. While an old snapshot is open, to find the newest version of the row by its key is
-- to walk over all of them; so the page on which it was is looked at, then the one to which it has
-- moved since, and the key last. A page and not the very place: the version that the caller's snapshot
-- sees is mostly one of the few before the newest. A place is a mere hint and never wrong: the number
-- of the room is looked at too.
CREATE FUNCTION carillon.head_at(p_name text, p_place text)
RETURNS TABLE (room_id bigint, epoch text, seq bigint, floor_seq bigint, day date, place text)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 1
SET search_path = carillon, pg_temp
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
  v_room bigint := (SELECT r.room_id FROM room r WHERE r.name = p_name);
  v_place tid := p_place::tid;
  v_block bigint;
BEGIN
  FOR i IN 1 .. 2 LOOP
    EXIT WHEN v_place IS NULL;
    v_block := split_part(ltrim(v_place::text, '('), ',', 1)::bigint;
    -- The sum keeps the index out of it.
    RETURN QUERY SELECT h.room_id, h.epoch, h.seq, h.floor_seq, h.day, h.ctid::text FROM room_head h
      WHERE h.ctid >= format('(%s,0)', v_block)::tid AND h.ctid <= format('(%s,65535)', v_block)::tid
        AND h.room_id + 0 = v_room;
    IF FOUND THEN
      RETURN;
    END IF;
    v_place := moved_to(v_place);
  END LOOP;
  RETURN QUERY SELECT h.room_id, h.epoch, h.seq, h.floor_seq, h.day, h.ctid::text FROM room_head h
    WHERE h.room_id BETWEEN v_room AND v_room ORDER BY h.room_id DESC LIMIT 1;
END $$;

-- The heads of these rooms, of those that there are, one after another by their keys.
CREATE FUNCTION carillon.heads(p_names text[])
RETURNS TABLE (name text, room_id bigint, epoch text, seq bigint, floor_seq bigint, day date)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 1
SET search_path = carillon, pg_temp
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET jit = off
SET enable_bitmapscan = off
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT r.name, h.room_id, h.epoch, h.seq, h.floor_seq, h.day
  FROM unnest(p_names) AS n (name)
  JOIN room r ON r.name = n.name COLLATE "C"
  CROSS JOIN LATERAL (
    SELECT y.* FROM room_head y
    WHERE y.room_id BETWEEN r.room_id AND r.room_id ORDER BY y.room_id DESC LIMIT 1) h;
END $$;

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
CREATE FUNCTION carillon.append_at(
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

-- The same for who remembers no places: the relay, and the version before.
CREATE FUNCTION carillon.append(
  p_room bigint[], p_id text[], p_name text[], p_producer text[], p_data text[], p_meta text[],
  p_encoding smallint[], p_origin text[], p_look boolean[], p_wait boolean DEFAULT true)
RETURNS TABLE (ord integer, outcome smallint, seq bigint, epoch text, created timestamptz)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT a.ord, a.outcome, a.seq, a.epoch, a.created
  FROM append_at(p_room, NULL, NULL, p_id, p_name, p_producer, p_data, p_meta, p_encoding, p_origin,
    p_look, p_wait) a;
END $$;

-- Begins a new epoch in every room: for the operator, after the database was restored from a snapshot
-- that kept its timeline (a copied volume). Other restores and failovers are noticed by the append.
CREATE FUNCTION carillon.new_epoch() RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp AS $$
DECLARE
  v_rooms bigint;
BEGIN
  PERFORM FROM room_head h ORDER BY h.room_id FOR NO KEY UPDATE;
  WITH old AS MATERIALIZED (SELECT h.room_id, h.epoch FROM room_head h),
  forked AS (
    UPDATE room_head h SET epoch = random_epoch() FROM old WHERE h.room_id = old.room_id
    RETURNING h.room_id, old.epoch AS old_epoch, h.seq, h.epoch)
  INSERT INTO room_epoch (room_id, epoch, fork_seq, next_epoch)
  SELECT f.room_id, f.old_epoch, f.seq, f.epoch FROM forked f;
  GET DIAGNOSTICS v_rooms = ROW_COUNT;
  RETURN v_rooms;
END $$;

-- ---------------------------------------------------------------------------------------------
-- Days: partitions ahead, retention behind
-- ---------------------------------------------------------------------------------------------

-- Makes the partitions of today and the days ahead that are missing; answers how many were made.
-- Made apart and attached, because that lets publishes go on; one caller at a time.
CREATE FUNCTION carillon.make_days(p_ahead integer DEFAULT 7) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp AS $$
DECLARE
  v_day date;
  v_parent text;
  v_name text;
  v_made integer := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(1128354409, 1);
  FOR v_day IN
    SELECT today() + n FROM generate_series(0, least(greatest(p_ahead, 0), 31)) n
  LOOP
    FOREACH v_parent IN ARRAY ARRAY['event', 'dedupe'] LOOP
      v_name := v_parent || to_char(v_day, '_YYYYMMDD');
      IF to_regclass(format('carillon.%I', v_name)) IS NULL THEN
        EXECUTE format('CREATE TABLE carillon.%I (LIKE carillon.%I INCLUDING ALL)', v_name, v_parent);
        EXECUTE format('ALTER TABLE carillon.%I ATTACH PARTITION carillon.%I FOR VALUES FROM (%L) TO (%L)',
          v_parent, v_name, v_day, v_day + 1);
        v_made := v_made + 1;
      END IF;
    END LOOP;
  END LOOP;
  RETURN v_made;
END $$;

-- How many days from tomorrow on have their partitions, without a gap; -1 if today has none.
CREATE FUNCTION carillon.days_ahead() RETURNS integer
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp AS $$
  SELECT coalesce(min(n) - 1, 31) FROM generate_series(0, 31) n
  WHERE to_regclass('carillon.event' || to_char(today() + n, '_YYYYMMDD')) IS NULL
     OR to_regclass('carillon.dedupe' || to_char(today() + n, '_YYYYMMDD')) IS NULL
$$;

-- The days whose events are all older than the retention (at least 24 h) and that still hold rows,
-- oldest first.
CREATE FUNCTION carillon.expired_days(p_retention interval) RETURNS SETOF date
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp AS $$
DECLARE
  v_day date;
  v_full boolean;
BEGIN
  FOR v_day IN
    SELECT to_date(right(c.relname, 8), 'YYYYMMDD') AS d
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'carillon.event'::regclass
    ORDER BY d
  LOOP
    EXIT WHEN (v_day + 1)::timestamp + greatest(p_retention, interval '24 hours')
      > clock_timestamp() AT TIME ZONE 'UTC';
    EXECUTE format('SELECT EXISTS (SELECT FROM carillon.%I)', 'event' || to_char(v_day, '_YYYYMMDD'))
      INTO v_full;
    IF v_full THEN
      RETURN NEXT v_day;
    END IF;
  END LOOP;
END $$;

-- Raises the floors of up to p_limit rooms above p_after (by id) to the last seq they have on that
-- day or before; answers the last of them, null when there is none left. Called until null, each call
-- its own short transaction, before truncate_day.
CREATE FUNCTION carillon.raise_floors(p_day date, p_after bigint, p_limit integer DEFAULT 200)
RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp AS $$
DECLARE
  v_part text := 'event' || to_char(p_day, '_YYYYMMDD');
  v_room bigint := p_after;
  v_next bigint;
  v_top bigint;
BEGIN
  IF p_day >= today() - 1 THEN
    RAISE EXCEPTION 'the day % is younger than any retention', p_day USING ERRCODE = '22023';
  END IF;
  FOR i IN 1 .. p_limit LOOP
    EXECUTE format('SELECT room_id FROM carillon.%I WHERE room_id > $1 ORDER BY room_id, seq LIMIT 1', v_part)
      INTO v_next USING v_room;
    IF v_next IS NULL THEN
      RETURN CASE WHEN v_room > p_after THEN v_room END;
    END IF;
    EXECUTE format('SELECT seq FROM carillon.%I WHERE room_id = $1 ORDER BY seq DESC LIMIT 1', v_part)
      INTO v_top USING v_next;
    UPDATE room_head h SET floor_seq = v_top WHERE h.room_id = v_next AND h.floor_seq < v_top;
    v_room := v_next;
  END LOOP;
  RETURN v_room;
END $$;

-- Empties one expired day whose floors were raised; gives up after a short wait (lock_not_available).
CREATE FUNCTION carillon.truncate_day(p_day date, p_retention interval) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp
SET lock_timeout = '100ms' AS $$
DECLARE
  v_part text := 'event' || to_char(p_day, '_YYYYMMDD');
  v_held boolean;
BEGIN
  IF (p_day + 1)::timestamp + greatest(p_retention, interval '24 hours')
      > clock_timestamp() AT TIME ZONE 'UTC' THEN
    RAISE EXCEPTION 'the day % is younger than the retention', p_day USING ERRCODE = '22023';
  END IF;
  EXECUTE format('SELECT EXISTS (SELECT FROM (SELECT e.room_id, max(e.seq) AS top FROM carillon.%I e
    GROUP BY e.room_id) t JOIN carillon.room_head h USING (room_id) WHERE t.top > h.floor_seq)', v_part)
    INTO v_held;
  IF v_held THEN
    RAISE EXCEPTION 'the floors of % were not raised', p_day USING ERRCODE = '55000';
  END IF;
  EXECUTE format('TRUNCATE carillon.%I', v_part);
END $$;

-- The same, for a day that was locked: if it is autovacuum that holds it, waits for somewhat longer
-- than deadlock_timeout, after which the database itself asks autovacuum to go; else gives up at once.
CREATE FUNCTION carillon.truncate_held_day(p_day date, p_retention interval) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp
SET lock_timeout = '1ms' AS $$
BEGIN
  PERFORM outlast_autovacuum('event' || to_char(p_day, '_YYYYMMDD'));
  PERFORM truncate_day(p_day, p_retention);
END $$;

-- Takes the strongest lock on a day that autovacuum holds, within deadlock_timeout and a half second;
-- on one that somebody else holds fails at once (lock_not_available). Autovacuum's processes are those
-- without a user.
CREATE FUNCTION carillon.outlast_autovacuum(p_part text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp
SET lock_timeout = '1ms' AS $$
BEGIN
  IF EXISTS (
      SELECT FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
      WHERE l.relation = to_regclass(format('carillon.%I', p_part)) AND l.granted
        AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
        AND l.mode = 'ShareUpdateExclusiveLock' AND a.usesysid IS NULL) THEN
    PERFORM set_config('lock_timeout', (extract(epoch FROM
      current_setting('deadlock_timeout')::interval + interval '500 ms') * 1000)::integer::text, true);
  END IF;
  EXECUTE format('LOCK TABLE carillon.%I IN ACCESS EXCLUSIVE MODE', p_part);
END $$;

-- Empties the keys of the day before yesterday and older; answers how many days were emptied.
CREATE FUNCTION carillon.truncate_keys() RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp
SET lock_timeout = '100ms' AS $$
DECLARE
  v_part text;
  v_full boolean;
  v_days integer := 0;
BEGIN
  FOR v_part IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'carillon.dedupe'::regclass
      AND right(c.relname, 8) COLLATE "C" < to_char(today() - 1, 'YYYYMMDD')
    ORDER BY c.relname
  LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM carillon.%I)', v_part) INTO v_full;
    IF v_full THEN
      EXECUTE format('TRUNCATE carillon.%I', v_part);
      v_days := v_days + 1;
    END IF;
  END LOOP;
  RETURN v_days;
END $$;

-- The days of keys, the day before yesterday and older, that still hold some, oldest first.
CREATE FUNCTION carillon.expired_keys() RETURNS SETOF date
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp AS $$
DECLARE
  v_day date;
  v_full boolean;
BEGIN
  FOR v_day IN
    SELECT to_date(right(c.relname, 8), 'YYYYMMDD') AS d
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'carillon.dedupe'::regclass
    ORDER BY d
  LOOP
    EXIT WHEN v_day >= today() - 1;
    EXECUTE format('SELECT EXISTS (SELECT FROM carillon.%I)', 'dedupe' || to_char(v_day, '_YYYYMMDD'))
      INTO v_full;
    IF v_full THEN
      RETURN NEXT v_day;
    END IF;
  END LOOP;
END $$;

-- Empties the keys of one such day. p_held: it was locked; as for truncate_held_day.
CREATE FUNCTION carillon.truncate_keys_of(p_day date, p_held boolean) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp
SET lock_timeout = '100ms' AS $$
DECLARE
  v_part text := 'dedupe' || to_char(p_day, '_YYYYMMDD');
BEGIN
  IF p_day >= today() - 1 THEN
    RAISE EXCEPTION 'the keys of % are still needed', p_day USING ERRCODE = '22023';
  END IF;
  IF p_held THEN
    PERFORM outlast_autovacuum(v_part);
  END IF;
  EXECUTE format('TRUNCATE carillon.%I', v_part);
END $$;

-- Drops the emptied partitions of past days, for the migration role only. This program does not call
-- it (its servers drop days one by one, below); programs of the schemas 202 to 211, which
-- oldest_program still lets start, call it each time. Gives up after a short wait for the lock.
CREATE FUNCTION carillon.drop_empty_days() RETURNS integer
LANGUAGE plpgsql VOLATILE SET search_path = carillon, pg_temp
SET lock_timeout = '100ms' AS $$
DECLARE
  v_part text;
  v_full boolean;
  v_days integer := 0;
BEGIN
  FOR v_part IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent IN ('carillon.event'::regclass, 'carillon.dedupe'::regclass)
      AND right(c.relname, 8) COLLATE "C" < to_char(today() - 1, 'YYYYMMDD')
    ORDER BY c.relname
  LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM carillon.%I)', v_part) INTO v_full;
    IF NOT v_full THEN
      EXECUTE format('DROP TABLE carillon.%I', v_part);
      v_days := v_days + 1;
    END IF;
  END LOOP;
  RETURN v_days;
EXCEPTION WHEN lock_not_available THEN
  RETURN 0;
END $$;

-- Drops one partition of the day before yesterday or older that holds nothing, the oldest; answers its
-- name, null when there is none. For running servers: a drop needs the parent's strongest lock, for a
-- moment, and whoever publishes waits as long as this waits for it, so it gives up soon
-- (lock_not_available).
CREATE FUNCTION carillon.drop_empty_day() RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp
SET lock_timeout = '50ms' AS $$
DECLARE
  v_part text;
  v_parent text;
  v_full boolean;
BEGIN
  FOR v_part, v_parent IN
    SELECT c.relname, p.relname
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
    WHERE i.inhparent IN ('carillon.event'::regclass, 'carillon.dedupe'::regclass)
      AND right(c.relname, 8) COLLATE "C" < to_char(today() - 1, 'YYYYMMDD')
    ORDER BY right(c.relname, 8), c.relname
  LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM carillon.%I)', v_part) INTO v_full;
    IF NOT v_full THEN
      EXECUTE format('LOCK TABLE ONLY carillon.%I IN ACCESS EXCLUSIVE MODE', v_parent);
      EXECUTE format('SELECT EXISTS (SELECT FROM carillon.%I)', v_part) INTO v_full;
      CONTINUE WHEN v_full;
      EXECUTE format('DROP TABLE carillon.%I', v_part);
      RETURN v_part;
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

-- The day on which a room has this seq, or the next one after it that is there; null if it has none of
-- them. Looks at one day after another, the latest first: readers are mostly close behind.
CREATE FUNCTION carillon.day_of(p_room text, p_seq bigint) RETURNS date
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp AS $$
DECLARE
  v_room bigint;
  v_last date;
  v_day date;
  v_first bigint;
  v_found date;
BEGIN
  SELECT h.room_id, h.day INTO v_room, v_last FROM heads(ARRAY[p_room]) h WHERE h.seq >= p_seq;
  IF v_room IS NULL THEN
    RETURN NULL;
  END IF;
  FOR v_day IN
    SELECT to_date(right(c.relname, 8), 'YYYYMMDD') AS d
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'carillon.event'::regclass
    ORDER BY d DESC
  LOOP
    CONTINUE WHEN v_day > v_last;
    BEGIN
      EXECUTE format('SELECT e.seq FROM carillon.%I e WHERE e.room_id = $1 ORDER BY e.seq LIMIT 1',
        'event' || to_char(v_day, '_YYYYMMDD')) INTO v_first USING v_room;
    EXCEPTION WHEN undefined_table THEN
      CONTINUE; -- dropped in this moment, so there was nothing
    END;
    IF v_first IS NOT NULL THEN
      v_found := v_day;
      EXIT WHEN v_first <= p_seq;
    END IF;
  END LOOP;
  RETURN v_found;
END $$;

-- ---------------------------------------------------------------------------------------------
-- Publishing inside a transaction
-- ---------------------------------------------------------------------------------------------

-- What transactions published and the relay has not moved into the log yet. encoding: as in event.
CREATE TABLE carillon.outbox_row (
  outbox_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  room text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  producer text COLLATE "C" NOT NULL,
  data text COLLATE "C" NOT NULL,
  meta text COLLATE "C",
  created timestamptz NOT NULL DEFAULT clock_timestamp(),
  encoding smallint NOT NULL DEFAULT 0
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- The numbers of those rows, taken at the commit, so that their order is consistent with the row locks
-- of the transactions. A table of its own that is only inserted into: a caller in SERIALIZABLE that
-- looked up its row to update it would lock a page of the index in which others insert theirs. Without
-- a foreign key for the same reason. taken: the statement in which the number was taken.
CREATE TABLE carillon.outbox_order (
  number bigint PRIMARY KEY,
  outbox_id bigint NOT NULL,
  taken timestamptz NOT NULL DEFAULT statement_timestamp()
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

CREATE SEQUENCE carillon.outbox_number AS bigint CACHE 1;

-- What could never be published, with the reason: somebody has to look at it.
CREATE TABLE carillon.outbox_rejected (
  number bigint PRIMARY KEY,
  room text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  producer text COLLATE "C" NOT NULL,
  data text COLLATE "C" NOT NULL,
  meta text COLLATE "C",
  created timestamptz NOT NULL,
  reason text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  encoding smallint NOT NULL DEFAULT 0
);

-- Who moves the outbox: one row. It serves order and cost only; doubling is prevented by relay().
CREATE TABLE carillon.relay_lease (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  holder text NOT NULL DEFAULT '',
  until timestamptz NOT NULL DEFAULT '-infinity'
);
INSERT INTO carillon.relay_lease DEFAULT VALUES;

-- Both together: for programs of before, whose relay reads this, and for people. A number that is
-- missing here in a committed row will never be given; see outbox_unnumbered.
CREATE VIEW carillon.outbox AS
SELECT r.outbox_id, o.number, r.room, r.id, r.name, r.producer, r.data, r.meta, r.created, r.encoding
FROM carillon.outbox_row r LEFT JOIN carillon.outbox_order o ON o.outbox_id = r.outbox_id;

-- Takes the number of a row; at the commit, or at SET CONSTRAINTS ALL IMMEDIATE.
CREATE FUNCTION carillon.number_outbox() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp AS $$
BEGIN
  SET CONSTRAINTS carillon.outbox_settled DEFERRED; -- a look once more at the commit, whatever ALL is
  INSERT INTO outbox_order (number, outbox_id) VALUES (nextval('carillon.outbox_number'), NEW.outbox_id);
  RETURN NULL;
END $$;

-- Takes the number anew if it was taken before the commit's own statement: then others may have gone
-- first meanwhile. The new number comes here again, in the same statement.
CREATE FUNCTION carillon.settle_outbox() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp AS $$
BEGIN
  IF NEW.taken <> statement_timestamp() THEN
    DELETE FROM outbox_order o WHERE o.number = NEW.number;
    SET CONSTRAINTS carillon.outbox_settled DEFERRED;
    INSERT INTO outbox_order (number, outbox_id)
    VALUES (nextval('carillon.outbox_number'), NEW.outbox_id);
  END IF;
  RETURN NULL;
END $$;

-- On a subscriber too (session_replication_role = replica), but there for what publish_as inserts
-- only: rows that replication itself copies bring their numbers with them.
CREATE CONSTRAINT TRIGGER outbox_number AFTER INSERT ON carillon.outbox_row
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (current_setting('session_replication_role') <> 'replica'
  OR current_setting('carillon.publishing', true) = 'on')
EXECUTE FUNCTION carillon.number_outbox();
ALTER TABLE carillon.outbox_row ENABLE ALWAYS TRIGGER outbox_number;

CREATE CONSTRAINT TRIGGER outbox_settled AFTER INSERT ON carillon.outbox_order
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION carillon.settle_outbox();

-- Passes on what is inserted by the old name.
CREATE FUNCTION carillon.insert_outbox() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp AS $$
BEGIN
  INSERT INTO outbox_row (room, id, name, producer, data, meta, encoding)
  VALUES (NEW.room, NEW.id, NEW.name, NEW.producer, NEW.data, NEW.meta, coalesce(NEW.encoding, 0));
  RETURN NEW;
END $$;

CREATE TRIGGER outbox_insert INSTEAD OF INSERT ON carillon.outbox
FOR EACH ROW EXECUTE FUNCTION carillon.insert_outbox();

-- Committed rows that have no number, and so are never relayed; at most 1,000 are counted. There are
-- none, unless somebody has written into the outbox past its triggers.
CREATE FUNCTION carillon.outbox_unnumbered() RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = carillon, pg_temp AS $$
  SELECT count(*)::integer FROM (
    SELECT FROM outbox_row r
    WHERE NOT EXISTS (SELECT FROM outbox_order o WHERE o.outbox_id = r.outbox_id) LIMIT 1000) u
$$;

-- Refuses JSON that the wire would refuse: numbers of more than 64 characters or with an exponent of
-- more than three digits, and nesting of more than 32. A look at the whole text first, which nearly
-- always is enough; then at what is outside of strings.
CREATE FUNCTION carillon.check_json(p_json text) RETURNS void
LANGUAGE plpgsql IMMUTABLE SET search_path = carillon, pg_temp AS $$
DECLARE
  v_bare text;
  v_open text;
BEGIN
  IF p_json !~ '[0-9.eE+-]{65}' AND p_json !~ '[eE][+-]?[0-9]{4}'
      AND length(p_json) - length(translate(p_json, '[{', '')) <= 32 THEN
    RETURN;
  END IF;
  v_bare := regexp_replace(p_json, '"(?:[^"\\]|\\.)*"', '""', 'g');
  IF v_bare ~ '[0-9.eE+-]{65}' THEN
    RAISE EXCEPTION 'bad_data: a number has more than 64 characters' USING ERRCODE = '22023';
  END IF;
  IF v_bare ~ '[eE][+-]?[0-9]{4}' THEN
    RAISE EXCEPTION 'bad_data: an exponent has more than three digits' USING ERRCODE = '22023';
  END IF;
  v_open := translate(regexp_replace(v_bare, '[^][{}]', '', 'g'), '{}', '[]');
  FOR i IN 1 .. 32 LOOP
    EXIT WHEN v_open = '';
    v_open := replace(v_open, '[]', '');
  END LOOP;
  IF v_open <> '' THEN
    RAISE EXCEPTION 'bad_data: nested deeper than 32' USING ERRCODE = '22023';
  END IF;
END $$;

-- Publishes inside the caller's transaction, in the name that the caller gives: for the server itself.
-- One of data and bytes; data and meta are JSON text and stay as they are, to the letter.
CREATE FUNCTION carillon.publish_content(
  by text, room text, name text, data text, bytes bytea, key text, meta text)
RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp AS $$
DECLARE
  v_id text := coalesce(publish_content.key, uuid7());
  v_meta jsonb;
  v_space text := CASE WHEN strpos(publish_content.room, ':') > 0 THEN split_part(publish_content.room, ':', 1)
    ELSE 'default' END;
  v_limit integer := 65536;
  v_size integer := coalesce(octet_length(publish_content.bytes), octet_length(publish_content.data));
BEGIN
  IF publish_content.room IS NULL OR publish_content.room !~ '^[A-Za-z0-9_.:@=,~-]{1,200}$'
      OR publish_content.room IN ('.', '..') THEN
    RAISE EXCEPTION 'bad_room: a room is 1-200 characters of A-Z a-z 0-9 _ - . : @ = , ~'
      USING ERRCODE = '22023';
  END IF;
  IF publish_content.name IS NULL OR publish_content.name !~ '^[A-Za-z0-9_.:/\\-]{1,200}$'
      OR starts_with(publish_content.name, 'carillon:') THEN
    RAISE EXCEPTION 'bad_name: a name is 1-200 characters of A-Z a-z 0-9 _ - . : / \ and does not begin with carillon:'
      USING ERRCODE = '22023';
  END IF;
  IF v_id !~ '^[\x20-\x7e]{1,128}$' THEN
    RAISE EXCEPTION 'bad_data: a key is 1-128 printable ASCII characters' USING ERRCODE = '22023';
  END IF;
  IF publish_content.by IS NULL OR length(publish_content.by) NOT BETWEEN 1 AND 256 THEN
    RAISE EXCEPTION 'bad_data: a publisher is 1-256 characters' USING ERRCODE = '22023';
  END IF;
  IF v_size IS NULL THEN
    RAISE EXCEPTION 'bad_data: data is missing' USING ERRCODE = '22004';
  END IF;
  SELECT least(s.data_limit, v_limit) INTO v_limit
  FROM namespace_settings s WHERE s.namespace = v_space AND s.data_limit IS NOT NULL;
  IF v_size > coalesce(v_limit, 65536) THEN
    RAISE EXCEPTION 'too_large: data is larger than % bytes', coalesce(v_limit, 65536)
      USING ERRCODE = '22023';
  END IF;
  IF publish_content.bytes IS NULL THEN
    PERFORM publish_content.data::json, check_json(publish_content.data);
  END IF;
  IF publish_content.meta IS NOT NULL THEN
    v_meta := publish_content.meta::jsonb;
    IF octet_length(publish_content.meta) > 1024 OR jsonb_typeof(v_meta) <> 'object'
        OR EXISTS (SELECT FROM jsonb_each(v_meta) m WHERE jsonb_typeof(m.value) <> 'string') THEN
      RAISE EXCEPTION 'bad_data: meta is a flat object of strings of at most 1024 bytes'
        USING ERRCODE = '22023';
    END IF;
  END IF;
  IF current_setting('session_replication_role') = 'replica' THEN
    PERFORM set_config('carillon.publishing', 'on', true);
  END IF;
  INSERT INTO outbox_row (room, id, name, producer, data, meta, encoding)
  SELECT publish_content.room, v_id, publish_content.name, publish_content.by,
    -- Without the line breaks that encode puts into it.
    coalesce(translate(encode(publish_content.bytes, 'base64'), E'\n', ''), publish_content.data),
    publish_content.meta, CASE WHEN publish_content.bytes IS NULL THEN 0 ELSE 1 END;
  IF current_setting('session_replication_role') = 'replica' THEN
    PERFORM set_config('carillon.publishing', 'off', true);
  END IF;
  RETURN v_id;
END $$;

-- The same of JSON for the version before.
CREATE FUNCTION carillon.publish_as(
  by text, room text, name text, data text, key text DEFAULT NULL, meta text DEFAULT NULL)
RETURNS text
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp AS $$
  SELECT publish_content(publish_as.by, publish_as.room, publish_as.name, publish_as.data, NULL,
    publish_as.key, publish_as.meta)
$$;

-- Publishes inside the caller's own transaction: in the log exactly once within a second after the
-- commit, never after a rollback. Answers the event's id. Takes no lock that anybody else waits for.
-- The namespace "carillon" is the server's.
CREATE FUNCTION carillon.publish(
  room text, name text, data jsonb, key text DEFAULT NULL, meta jsonb DEFAULT NULL)
RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp AS $$
BEGIN
  IF starts_with(publish.room, 'carillon:') THEN
    RAISE EXCEPTION 'forbidden: the namespace carillon is written by the server alone'
      USING ERRCODE = '42501';
  END IF;
  RETURN publish_content('sql:' || session_user, publish.room, publish.name, publish.data::text, NULL,
    publish.key, publish.meta::text);
END $$;

-- The same of bytes. By another name, for a call of publish whose arguments are bare literals would fit
-- both, and be refused.
CREATE FUNCTION carillon.publish_bytes(
  room text, name text, data bytea, key text DEFAULT NULL, meta jsonb DEFAULT NULL)
RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp AS $$
BEGIN
  IF starts_with(publish_bytes.room, 'carillon:') THEN
    RAISE EXCEPTION 'forbidden: the namespace carillon is written by the server alone'
      USING ERRCODE = '42501';
  END IF;
  RETURN publish_content('sql:' || session_user, publish_bytes.room, publish_bytes.name, NULL,
    publish_bytes.data, publish_bytes.key, publish_bytes.meta::text);
END $$;

-- Takes or renews the relay's lease, in database time; false if somebody else holds it.
CREATE FUNCTION carillon.take_relay(p_holder text, p_seconds numeric) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp AS $$
BEGIN
  UPDATE relay_lease SET holder = p_holder,
    until = clock_timestamp() + make_interval(secs => least(greatest(p_seconds, 0), 30)::double precision)
  WHERE holder = p_holder OR until < clock_timestamp();
  RETURN FOUND;
END $$;

-- Moves these outbox rows into the log: deletes first and appends only what it deleted, so neither
-- two relays nor a crash ever double. Answers like append_at, ord being the outbox number, with the
-- places of the rooms' heads, of which p_place has those of the caller's last move, an element a number.
-- Rows that are gone, or everything when the lease is not ours, answer nothing. The rooms must exist.
CREATE FUNCTION carillon.relay_at(p_holder text, p_numbers bigint[], p_place text[])
RETURNS TABLE (number bigint, outcome smallint, seq bigint, epoch text, created timestamptz, place text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = carillon, pg_temp
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
  v_turns bigint[];
  v_rows bigint[];
  v_numbers bigint[];
  v_room bigint[];
  v_place text[];
  v_id text[];
  v_name text[];
  v_producer text[];
  v_data text[];
  v_meta text[];
  v_encoding smallint[];
  v_missing text;
BEGIN
  IF NOT EXISTS (SELECT FROM relay_lease WHERE holder = p_holder AND until > clock_timestamp()) THEN
    RETURN;
  END IF;
  PERFORM FROM outbox_order o WHERE o.number = ANY (p_numbers) ORDER BY o.number FOR UPDATE;
  WITH turn AS (
    DELETE FROM outbox_order o WHERE o.number = ANY (p_numbers) RETURNING o.number, o.outbox_id)
  SELECT array_agg(t.number), array_agg(t.outbox_id) INTO v_turns, v_rows FROM turn t;
  WITH gone AS (
    DELETE FROM outbox_row r WHERE r.outbox_id = ANY (v_rows)
    RETURNING v_turns[array_position(v_rows, r.outbox_id)] AS number,
      r.room, r.id, r.name, r.producer, r.data, r.meta, r.encoding)
  SELECT array_agg(g.number ORDER BY g.number), array_agg(r.room_id ORDER BY g.number),
    array_agg(p_place[array_position(p_numbers, g.number)] ORDER BY g.number),
    array_agg(g.id ORDER BY g.number), array_agg(g.name ORDER BY g.number),
    array_agg(g.producer ORDER BY g.number), array_agg(g.data ORDER BY g.number),
    array_agg(g.meta ORDER BY g.number), array_agg(g.encoding ORDER BY g.number),
    min(g.room) FILTER (WHERE r.room_id IS NULL)
  INTO v_numbers, v_room, v_place, v_id, v_name, v_producer, v_data, v_meta, v_encoding, v_missing
  FROM gone g LEFT JOIN room r ON r.name = g.room;
  IF v_numbers IS NULL THEN
    RETURN;
  END IF;
  IF v_missing IS NOT NULL THEN
    RAISE EXCEPTION 'the room % was not made', v_missing USING ERRCODE = '55000';
  END IF;
  RETURN QUERY
  SELECT v_numbers[a.ord], a.outcome, a.seq, a.epoch, a.created, a.place
  FROM append_at(v_room, v_place, NULL, v_id, v_name, v_producer, v_data, v_meta, v_encoding,
    array_fill(NULL::text, ARRAY[cardinality(v_numbers)]),
    array_fill(true, ARRAY[cardinality(v_numbers)]), true) a
  ORDER BY a.ord;
END $$;

-- The same for the version before.
CREATE FUNCTION carillon.relay(p_holder text, p_numbers bigint[])
RETURNS TABLE (number bigint, outcome smallint, seq bigint, epoch text, created timestamptz)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp AS $$
  SELECT a.number, a.outcome, a.seq, a.epoch, a.created FROM relay_at(p_holder, p_numbers, NULL) a
$$;

-- Puts one row aside that can never be published, so that it does not stop the rest.
CREATE FUNCTION carillon.reject_outbox(p_number bigint, p_reason text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp AS $$
BEGIN
  WITH turn AS (
    DELETE FROM outbox_order o WHERE o.number = p_number RETURNING o.outbox_id
  ), gone AS (
    DELETE FROM outbox_row r USING turn t WHERE r.outbox_id = t.outbox_id RETURNING r.*)
  INSERT INTO outbox_rejected (number, room, id, name, producer, data, meta, created, reason,
    encoding)
  SELECT p_number, g.room, g.id, g.name, g.producer, g.data, g.meta, g.created, left(p_reason, 500),
    g.encoding
  FROM gone g;
  RETURN FOUND;
END $$;

-- ---------------------------------------------------------------------------------------------
-- Instances, signals, credentials
-- ---------------------------------------------------------------------------------------------

-- One row per incarnation of a running server; its members live as long as its lease. Database time.
CREATE TABLE carillon.instance (
  id text COLLATE "C" PRIMARY KEY,
  started timestamptz NOT NULL,
  seen timestamptz NOT NULL,
  expires timestamptz NOT NULL,
  draining_until timestamptz,
  info jsonb NOT NULL DEFAULT '{}'
);

-- Signals too large for a NOTIFY; read once by each instance, swept after a minute.
CREATE TABLE carillon.signal_large (
  id text COLLATE "C" PRIMARY KEY,
  body text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX signal_large_at ON carillon.signal_large (at);

-- One-time tickets by the SHA-256 of their text: redeemed by one DELETE ... RETURNING.
CREATE TABLE carillon.ticket (
  hash bytea PRIMARY KEY,
  claims text COLLATE "C" NOT NULL,
  expires timestamptz NOT NULL
);
CREATE INDEX ticket_expires ON carillon.ticket (expires);

-- Spent tickets whose readers may come back, by the SHA-256 of the ticket. browser: of the secret in
-- the reader's cookie; place: of its address and what it calls itself, which counts until the cookie
-- has been brought back once (returned). ends: the token's end, beyond which nothing is renewed.
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

-- Sessions that clients of guest protocols go on with on another connection, perhaps of another
-- instance, by the SHA-256 of the name that the client alone knows. state: the rooms and where each
-- was joined, as the protocol writes it. connection: to which it belongs; what others write has no
-- effect. No index on expires: what is open is kept anew all the time, which stays in its page so.
CREATE TABLE carillon.guest_session (
  pid bytea PRIMARY KEY,
  username text COLLATE "C" NOT NULL,
  connection text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL,
  expires timestamptz NOT NULL
) WITH (fillfactor = 70);

-- How many connections of which instance read which room; told every few seconds, so it is for
-- looking at only. What was not told anew for a while counts no more and is swept.
CREATE TABLE carillon.occupancy (
  room text COLLATE "C" NOT NULL,
  instance text COLLATE "C" NOT NULL,
  connections integer NOT NULL CHECK (connections > 0),
  seen timestamptz NOT NULL,
  PRIMARY KEY (room, instance)
);
CREATE INDEX occupancy_instance ON carillon.occupancy (instance);

-- Users whose tokens issued before a moment are refused; followed by every instance.
CREATE TABLE carillon.revocation (
  username text COLLATE "C" PRIMARY KEY,
  issued_before timestamptz NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX revocation_at ON carillon.revocation (at);

-- Users whose connections that were open at a moment are closed; followed by every instance, for the
-- word between instances may be lost.
CREATE TABLE carillon.kick (
  username text COLLATE "C" PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX kick_at ON carillon.kick (at);

-- Users who are not let in until a moment, whatever they show; followed by every instance. One that is
-- over is swept.
CREATE TABLE carillon.ban (
  username text COLLATE "C" PRIMARY KEY,
  until timestamptz NOT NULL,
  reason text COLLATE "C" NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
  by text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Secrets that all instances share and nobody else reads: the first that asks for a name decides it.
CREATE TABLE carillon.secret (
  name text COLLATE "C" PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 64),
  value text COLLATE "C" NOT NULL CHECK (length(value) BETWEEN 1 AND 256)
);

-- ---------------------------------------------------------------------------------------------
-- Settings and audit (mapped by JPA; no SQL of ours touches them)
-- ---------------------------------------------------------------------------------------------

-- What differs from the defaults for one namespace; null means the default.
CREATE TABLE carillon.namespace_settings (
  namespace text COLLATE "C" PRIMARY KEY,
  data_limit integer CHECK (data_limit > 0),
  list_limit integer CHECK (list_limit >= 0),
  conflate boolean,
  updated timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_by text COLLATE "C" NOT NULL,
  version bigint NOT NULL DEFAULT 0
);

CREATE FUNCTION carillon.touch() RETURNS trigger
LANGUAGE plpgsql VOLATILE SET search_path = carillon, pg_temp AS $$
BEGIN
  NEW.updated := clock_timestamp();
  RETURN NEW;
END $$;

CREATE TRIGGER namespace_settings_touch BEFORE UPDATE ON carillon.namespace_settings
FOR EACH ROW EXECUTE FUNCTION carillon.touch();

-- Applications whose clients and servers come as guests (Pusher): a key that everybody may see and a
-- secret that signs, which is needed as it is and therefore kept so. Rights are words, a space between.
CREATE TABLE carillon.guest_app (
  id text COLLATE "C" PRIMARY KEY,
  app_key text COLLATE "C" NOT NULL UNIQUE,
  secret text COLLATE "C" NOT NULL,
  rights text COLLATE "C" NOT NULL,
  namespace text COLLATE "C" NOT NULL,
  enabled boolean NOT NULL,
  updated timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_by text COLLATE "C" NOT NULL,
  version bigint NOT NULL DEFAULT 0,
  hooks text COLLATE "C" NOT NULL DEFAULT '',
  counts boolean NOT NULL DEFAULT false
);

CREATE TRIGGER guest_app_touch BEFORE UPDATE ON carillon.guest_app
FOR EACH ROW EXECUTE FUNCTION carillon.touch();

-- Who did what as an administrator. Only ever added to.
CREATE TABLE carillon.audit (
  id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor text COLLATE "C" NOT NULL,
  action text COLLATE "C" NOT NULL,
  target text COLLATE "C" NOT NULL,
  detail text COLLATE "C"
);
CREATE INDEX audit_at ON carillon.audit (at);

-- ---------------------------------------------------------------------------------------------
-- Rights. The server reads the log and writes it through the functions only.
-- ---------------------------------------------------------------------------------------------

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA carillon FROM PUBLIC;
GRANT USAGE ON SCHEMA carillon TO "carillon_app", "carillon_publisher";

GRANT SELECT ON carillon.room, carillon.room_head, carillon.room_epoch, carillon.event, carillon.dedupe,
  carillon.outbox, carillon.outbox_row, carillon.outbox_order, carillon.outbox_rejected,
  carillon.relay_lease TO "carillon_app";
GRANT SELECT, INSERT, UPDATE, DELETE ON carillon.instance,
  carillon.signal_large, carillon.ticket, carillon.revocation, carillon.kick, carillon.ban,
  carillon.namespace_settings, carillon.guest_app
  TO "carillon_app";
GRANT SELECT, INSERT, UPDATE, DELETE ON carillon.occupancy, carillon.stream_pass, carillon.guest_session
  TO "carillon_app";
GRANT SELECT, INSERT ON carillon.audit, carillon.secret TO "carillon_app";
-- JPA asks for the number that an insert was given.
GRANT USAGE ON SEQUENCE carillon.audit_id_seq TO "carillon_app";
GRANT SELECT ON SEQUENCE carillon.outbox_number TO "carillon_app";

GRANT EXECUTE ON FUNCTION
  carillon.make_rooms(text[]),
  carillon.append(bigint[], text[], text[], text[], text[], text[], smallint[], text[], boolean[], boolean),
  carillon.append_at(bigint[], text[], text[], text[], text[], text[], text[], text[], smallint[], text[], boolean[], boolean),
  carillon.head_at(text, text),
  carillon.heads(text[]),
  carillon.make_days(integer),
  carillon.days_ahead(),
  carillon.expired_days(interval),
  carillon.raise_floors(date, bigint, integer),
  carillon.truncate_day(date, interval),
  carillon.truncate_held_day(date, interval),
  carillon.truncate_keys(),
  carillon.expired_keys(),
  carillon.truncate_keys_of(date, boolean),
  carillon.drop_empty_day(),
  carillon.day_of(text, bigint),
  carillon.publish_as(text, text, text, text, text, text),
  carillon.publish_content(text, text, text, text, bytea, text, text),
  carillon.take_relay(text, numeric),
  carillon.relay(text, bigint[]),
  carillon.relay_at(text, bigint[], text[]),
  carillon.reject_outbox(bigint, text),
  carillon.outbox_unnumbered(),
  carillon.today(),
  carillon.uuid7(),
  carillon.oldest_program()
  TO "carillon_app";
GRANT EXECUTE ON FUNCTION
  carillon.publish(text, text, jsonb, text, jsonb),
  carillon.publish_bytes(text, text, bytea, text, jsonb)
  TO "carillon_publisher", "carillon_app";

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

-- One row per (room, instance, connection); a lease, which has no connection, has instance '' and as
-- connection who has it: a user, or one of the user's clients. tracked: the latest of a user's rows
-- gives the state. leave_at: shown until then. gone_at: a mark for who reads what changed; removed
-- after a minute. call: of a client's lease, the number of the call that decided it last; those with
-- a lower one come too late. held: the number of the stream or poll that renews it.
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
  call bigint,
  held bigint,
  PRIMARY KEY (room, instance, connection)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
CREATE INDEX presence_changes ON carillon.presence (room, revision);
CREATE INDEX presence_member ON carillon.presence (room, username) WHERE gone_at IS NULL;
CREATE INDEX presence_instance ON carillon.presence (instance) WHERE gone_at IS NULL;
CREATE INDEX presence_leaving ON carillon.presence (leave_at)
  WHERE gone_at IS NULL AND leave_at IS NOT NULL;
CREATE INDEX presence_gone ON carillon.presence (gone_at) WHERE gone_at IS NOT NULL;

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
CREATE FUNCTION carillon.presence_apply(
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
  carillon.presence_apply(text, text[], text[], text[], text[], text[], bigint[], bigint[]),
  carillon.presence_retain(text, text[], text[], bigint),
  carillon.presence_drain(text, bigint),
  carillon.presence_sweep(integer),
  carillon.presence_purge(integer)
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
  carillon.presence_apply(text, text[], text[], text[], text[], text[], bigint[]),
  carillon.presence_apply(text, text[], text[], text[], text[], text[], bigint[], bigint[]),
  carillon.presence_retain(text, text[], text[], bigint),
  carillon.presence_drain(text, bigint),
  carillon.presence_sweep(integer),
  carillon.presence_purge(integer)
  TO "carillon_app";
GRANT SELECT ON carillon.presence, carillon.room_presence TO "carillon_app";

-- ---------------------------------------------------------------------------------------------
-- Webhooks of applications of guests
-- ---------------------------------------------------------------------------------------------

-- What webhooks are to tell, one row an event and address. A row is claimed by moving `due` on: whoever is to
-- send it and dies leaves it to another one.
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

-- What webhooks were told to be there: a channel (no user), a member of one.
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
GRANT EXECUTE ON FUNCTION carillon.guest_sweep(text, text, text[]) TO "carillon_app";
GRANT SELECT, INSERT, UPDATE, DELETE ON carillon.guest_hook TO "carillon_app";

-- How many subscriptions of a channel were told last.
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
GRANT EXECUTE ON FUNCTION carillon.guest_counts(text, text, text[]) TO "carillon_app";

DO $$ BEGIN PERFORM carillon.make_days(7); END $$;
