-- Events of bytes: the log has had the column since 1, now the outbox has it too. An event of bytes reaches
-- readers of an instance of the version before as what its text is, base64: bytes are to be published
-- when all instances are of this version.

-- Waits for transactions that publish; whoever publishes waits for this one.
ALTER TABLE carillon.outbox_row ADD COLUMN encoding smallint NOT NULL DEFAULT 0;
ALTER TABLE carillon.outbox_rejected ADD COLUMN encoding smallint NOT NULL DEFAULT 0;

CREATE OR REPLACE VIEW carillon.outbox AS
SELECT r.outbox_id, o.number, r.room, r.id, r.name, r.producer, r.data, r.meta, r.created, r.encoding
FROM carillon.outbox_row r LEFT JOIN carillon.outbox_order o ON o.outbox_id = r.outbox_id;

-- Passes on what is inserted by the old name.
CREATE OR REPLACE FUNCTION carillon.insert_outbox() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp AS $$
BEGIN
  INSERT INTO outbox_row (room, id, name, producer, data, meta, encoding)
  VALUES (NEW.room, NEW.id, NEW.name, NEW.producer, NEW.data, NEW.meta, coalesce(NEW.encoding, 0));
  RETURN NEW;
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
CREATE OR REPLACE FUNCTION carillon.publish_as(
  by text, room text, name text, data text, key text DEFAULT NULL, meta text DEFAULT NULL)
RETURNS text
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp AS $$
  SELECT publish_content(publish_as.by, publish_as.room, publish_as.name, publish_as.data, NULL,
    publish_as.key, publish_as.meta)
$$;

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

-- Moves these outbox rows into the log: deletes first and appends only what it deleted, so neither
-- two relays nor a crash ever double. Answers like append_at, ord being the outbox number, with the
-- places of the rooms' heads, of which p_place has those of the caller's last move, an element a number.
-- Rows that are gone, or everything when the lease is not ours, answer nothing. The rooms must exist.
CREATE OR REPLACE FUNCTION carillon.relay_at(p_holder text, p_numbers bigint[], p_place text[])
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

-- Puts one row aside that can never be published, so that it does not stop the rest.
CREATE OR REPLACE FUNCTION carillon.reject_outbox(p_number bigint, p_reason text) RETURNS boolean
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

REVOKE ALL ON FUNCTION
  carillon.publish_content(text, text, text, text, bytea, text, text),
  carillon.publish_bytes(text, text, bytea, text, jsonb)
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION carillon.publish_content(text, text, text, text, bytea, text, text)
  TO "${app_role}";
GRANT EXECUTE ON FUNCTION carillon.publish_bytes(text, text, bytea, text, jsonb)
  TO "${publisher_role}", "${app_role}";
