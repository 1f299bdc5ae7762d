-- Publishing inside a transaction: callers in SERIALIZABLE do not fail each other, a publish on a
-- subscriber (session_replication_role = replica) is numbered, SET CONSTRAINTS ALL IMMEDIATE leaves
-- the order as it is, and SQL keeps the limits of the wire. Emptied days go while servers run, and
-- retention does not starve behind autovacuum.
--
-- Both versions live together: programs of before read the outbox by its old name and columns (now a
-- view) and change it by functions that keep their signatures. A call that was waiting for this
-- migration with the text of before inserts into the view, which passes it on.

-- Waits for transactions that publish; whoever publishes waits for this one.
LOCK TABLE carillon.outbox IN ACCESS EXCLUSIVE MODE;
ALTER TABLE carillon.outbox RENAME TO outbox_before;

-- What transactions published and the relay has not moved into the log yet.
CREATE TABLE carillon.outbox_row (
  outbox_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  room text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  producer text COLLATE "C" NOT NULL,
  data text COLLATE "C" NOT NULL,
  meta text COLLATE "C",
  created timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- The numbers of those rows. A table of its own that is only inserted into: a caller in SERIALIZABLE
-- that looked up its row to update it would lock a page of the index in which others insert theirs.
-- Without a foreign key for the same reason.
CREATE TABLE carillon.outbox_order (
  number bigint PRIMARY KEY,
  outbox_id bigint NOT NULL,
  taken timestamptz NOT NULL DEFAULT statement_timestamp()
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- Also rows that never got a number because they were published on a subscriber: the promise stands.
WITH numbered AS (
  SELECT row_number() OVER (ORDER BY b.number NULLS LAST, b.outbox_id) AS turn,
    coalesce(b.number, nextval('carillon.outbox_number')) AS number,
    b.room, b.id, b.name, b.producer, b.data, b.meta, b.created
  FROM carillon.outbox_before b
), moved AS (
  INSERT INTO carillon.outbox_row (outbox_id, room, id, name, producer, data, meta, created)
  OVERRIDING SYSTEM VALUE
  SELECT n.turn, n.room, n.id, n.name, n.producer, n.data, n.meta, n.created FROM numbered n)
INSERT INTO carillon.outbox_order (number, outbox_id)
SELECT n.number, n.turn FROM numbered n;
SELECT setval('carillon.outbox_row_outbox_id_seq', max(o.outbox_id)) FROM carillon.outbox_row o;
DROP TABLE carillon.outbox_before;

-- Both together: for programs of before, whose relay reads this, and for people. A number that is
-- missing here in a committed row will never be given; see outbox_unnumbered.
CREATE VIEW carillon.outbox AS
SELECT r.outbox_id, o.number, r.room, r.id, r.name, r.producer, r.data, r.meta, r.created
FROM carillon.outbox_row r LEFT JOIN carillon.outbox_order o ON o.outbox_id = r.outbox_id;

-- Takes the number of a row; at the commit, or at SET CONSTRAINTS ALL IMMEDIATE.
CREATE OR REPLACE FUNCTION carillon.number_outbox() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp AS $$
BEGIN
  SET CONSTRAINTS carillon.outbox_settled DEFERRED; -- a look once more at the commit, whatever ALL is
  INSERT INTO outbox_order (number, outbox_id) VALUES (nextval('carillon.outbox_number'), NEW.outbox_id);
  RETURN NULL;
END $$;

-- Takes the number anew if it was taken before the commit's own statement: then others may have gone
-- first meanwhile. The new number comes here again, in the same statement.
CREATE OR REPLACE FUNCTION carillon.settle_outbox() RETURNS trigger
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
CREATE OR REPLACE FUNCTION carillon.insert_outbox() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp AS $$
BEGIN
  INSERT INTO outbox_row (room, id, name, producer, data, meta)
  VALUES (NEW.room, NEW.id, NEW.name, NEW.producer, NEW.data, NEW.meta);
  RETURN NEW;
END $$;

CREATE TRIGGER outbox_insert INSTEAD OF INSERT ON carillon.outbox
FOR EACH ROW EXECUTE FUNCTION carillon.insert_outbox();

-- Committed rows that have no number, and so are never relayed; at most 1,000 are counted. There are
-- none, unless somebody has written into the outbox past its triggers.
CREATE OR REPLACE FUNCTION carillon.outbox_unnumbered() RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = carillon, pg_temp AS $$
  SELECT count(*)::integer FROM (
    SELECT FROM outbox_row r
    WHERE NOT EXISTS (SELECT FROM outbox_order o WHERE o.outbox_id = r.outbox_id) LIMIT 1000) u
$$;

-- Refuses JSON that the wire would refuse: numbers of more than 64 characters or with an exponent of
-- more than three digits, and nesting of more than 32. A look at the whole text first, which nearly
-- always is enough; then at what is outside of strings.
CREATE OR REPLACE FUNCTION carillon.check_json(p_json text) RETURNS void
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
-- data and meta are JSON text and stay as they are, to the letter.
CREATE OR REPLACE FUNCTION carillon.publish_as(
  by text, room text, name text, data text, key text DEFAULT NULL, meta text DEFAULT NULL)
RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp AS $$
DECLARE
  v_id text := coalesce(publish_as.key, uuid7());
  v_meta jsonb;
  v_space text := CASE WHEN strpos(publish_as.room, ':') > 0 THEN split_part(publish_as.room, ':', 1)
    ELSE 'default' END;
  v_limit integer := 65536;
BEGIN
  IF publish_as.room IS NULL OR publish_as.room !~ '^[A-Za-z0-9_.:@=,~-]{1,200}$'
      OR publish_as.room IN ('.', '..') THEN
    RAISE EXCEPTION 'bad_room: a room is 1-200 characters of A-Z a-z 0-9 _ - . : @ = , ~'
      USING ERRCODE = '22023';
  END IF;
  IF publish_as.name IS NULL OR publish_as.name !~ '^[A-Za-z0-9_.:/-]{1,100}$'
      OR starts_with(publish_as.name, 'carillon:') THEN
    RAISE EXCEPTION 'bad_name: a name is 1-100 characters of A-Z a-z 0-9 _ - . : / and does not begin with carillon:'
      USING ERRCODE = '22023';
  END IF;
  IF v_id !~ '^[\x20-\x7e]{1,128}$' THEN
    RAISE EXCEPTION 'bad_data: a key is 1-128 printable ASCII characters' USING ERRCODE = '22023';
  END IF;
  IF publish_as.by IS NULL OR length(publish_as.by) NOT BETWEEN 1 AND 256 THEN
    RAISE EXCEPTION 'bad_data: a publisher is 1-256 characters' USING ERRCODE = '22023';
  END IF;
  IF publish_as.data IS NULL THEN
    RAISE EXCEPTION 'bad_data: data is missing' USING ERRCODE = '22004';
  END IF;
  SELECT least(s.data_limit, v_limit) INTO v_limit
  FROM namespace_settings s WHERE s.namespace = v_space AND s.data_limit IS NOT NULL;
  IF octet_length(publish_as.data) > coalesce(v_limit, 65536) THEN
    RAISE EXCEPTION 'too_large: data is larger than % bytes', coalesce(v_limit, 65536)
      USING ERRCODE = '22023';
  END IF;
  PERFORM publish_as.data::json, check_json(publish_as.data);
  IF publish_as.meta IS NOT NULL THEN
    v_meta := publish_as.meta::jsonb;
    IF octet_length(publish_as.meta) > 1024 OR jsonb_typeof(v_meta) <> 'object'
        OR EXISTS (SELECT FROM jsonb_each(v_meta) m WHERE jsonb_typeof(m.value) <> 'string') THEN
      RAISE EXCEPTION 'bad_data: meta is a flat object of strings of at most 1024 bytes'
        USING ERRCODE = '22023';
    END IF;
  END IF;
  IF current_setting('session_replication_role') = 'replica' THEN
    PERFORM set_config('carillon.publishing', 'on', true);
  END IF;
  INSERT INTO outbox_row (room, id, name, producer, data, meta)
  VALUES (publish_as.room, v_id, publish_as.name, publish_as.by, publish_as.data, publish_as.meta);
  IF current_setting('session_replication_role') = 'replica' THEN
    PERFORM set_config('carillon.publishing', 'off', true);
  END IF;
  RETURN v_id;
END $$;

-- Publishes inside the caller's own transaction: in the log exactly once within a second after the
-- commit, never after a rollback. Answers the event's id. Takes no lock that anybody else waits for.
-- The namespace "carillon" is the server's.
CREATE OR REPLACE FUNCTION carillon.publish(
  room text, name text, data jsonb, key text DEFAULT NULL, meta jsonb DEFAULT NULL)
RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp AS $$
BEGIN
  IF starts_with(publish.room, 'carillon:') THEN
    RAISE EXCEPTION 'forbidden: the namespace carillon is written by the server alone'
      USING ERRCODE = '42501';
  END IF;
  RETURN publish_as('sql:' || session_user, publish.room, publish.name, publish.data::text,
    publish.key, publish.meta::text);
END $$;

-- Moves these outbox rows into the log: deletes first and appends only what it deleted, so neither
-- two relays nor a crash ever double. Answers like append, ord being the outbox number. Rows that are
-- gone, or everything when the lease is not ours, answer nothing. The rooms must exist.
CREATE OR REPLACE FUNCTION carillon.relay(p_holder text, p_numbers bigint[])
RETURNS TABLE (number bigint, outcome smallint, seq bigint, epoch text, created timestamptz)
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
  v_id text[];
  v_name text[];
  v_producer text[];
  v_data text[];
  v_meta text[];
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
      r.room, r.id, r.name, r.producer, r.data, r.meta)
  SELECT array_agg(g.number ORDER BY g.number), array_agg(r.room_id ORDER BY g.number),
    array_agg(g.id ORDER BY g.number), array_agg(g.name ORDER BY g.number),
    array_agg(g.producer ORDER BY g.number), array_agg(g.data ORDER BY g.number),
    array_agg(g.meta ORDER BY g.number), min(g.room) FILTER (WHERE r.room_id IS NULL)
  INTO v_numbers, v_room, v_id, v_name, v_producer, v_data, v_meta, v_missing
  FROM gone g LEFT JOIN room r ON r.name = g.room;
  IF v_numbers IS NULL THEN
    RETURN;
  END IF;
  IF v_missing IS NOT NULL THEN
    RAISE EXCEPTION 'the room % was not made', v_missing USING ERRCODE = '55000';
  END IF;
  RETURN QUERY
  SELECT v_numbers[a.ord], a.outcome, a.seq, a.epoch, a.created
  FROM append(v_room, v_id, v_name, v_producer, v_data, v_meta,
    array_fill(0::smallint, ARRAY[cardinality(v_numbers)]),
    array_fill(NULL::text, ARRAY[cardinality(v_numbers)]),
    array_fill(true, ARRAY[cardinality(v_numbers)])) a
  ORDER BY a.ord;
END $$;

-- Puts one row aside that can never be published, so that it does not stop the rest.
CREATE OR REPLACE FUNCTION carillon.reject_outbox(p_number bigint, p_reason text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp AS $$
BEGIN
  WITH turn AS (
    DELETE FROM outbox_order o WHERE o.number = p_number RETURNING o.outbox_id
  ), gone AS (
    DELETE FROM outbox_row r USING turn t WHERE r.outbox_id = t.outbox_id RETURNING r.*)
  INSERT INTO outbox_rejected (number, room, id, name, producer, data, meta, created, reason)
  SELECT p_number, g.room, g.id, g.name, g.producer, g.data, g.meta, g.created, left(p_reason, 500)
  FROM gone g;
  RETURN FOUND;
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
      AND to_date(right(c.relname, 8), 'YYYYMMDD') < today() - 1
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
  SELECT h.room_id, h.day INTO v_room, v_last
  FROM room r JOIN room_head h ON h.room_id = r.room_id WHERE r.name = p_room AND h.seq >= p_seq;
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

REVOKE ALL ON FUNCTION
  carillon.number_outbox(),
  carillon.settle_outbox(),
  carillon.insert_outbox(),
  carillon.outbox_unnumbered(),
  carillon.check_json(text),
  carillon.truncate_held_day(date, interval),
  carillon.outlast_autovacuum(text),
  carillon.expired_keys(),
  carillon.truncate_keys_of(date, boolean),
  carillon.drop_empty_day(),
  carillon.day_of(text, bigint)
  FROM PUBLIC;
GRANT SELECT ON carillon.outbox, carillon.outbox_row, carillon.outbox_order TO "${app_role}";
GRANT EXECUTE ON FUNCTION
  carillon.outbox_unnumbered(),
  carillon.truncate_held_day(date, interval),
  carillon.expired_keys(),
  carillon.truncate_keys_of(date, boolean),
  carillon.drop_empty_day(),
  carillon.day_of(text, bigint)
  TO "${app_role}";
