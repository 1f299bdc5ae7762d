-- Reads and the relay remember where the rows of the rooms' heads are, as the append does, so that an
-- old snapshot makes neither a page nor a relayed event of a hot room dearer.
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
    WHERE h.room_id = v_room;
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
    array_agg(p_place[array_position(p_numbers, g.number)] ORDER BY g.number),
    array_agg(g.id ORDER BY g.number), array_agg(g.name ORDER BY g.number),
    array_agg(g.producer ORDER BY g.number), array_agg(g.data ORDER BY g.number),
    array_agg(g.meta ORDER BY g.number), min(g.room) FILTER (WHERE r.room_id IS NULL)
  INTO v_numbers, v_room, v_place, v_id, v_name, v_producer, v_data, v_meta, v_missing
  FROM gone g LEFT JOIN room r ON r.name = g.room;
  IF v_numbers IS NULL THEN
    RETURN;
  END IF;
  IF v_missing IS NOT NULL THEN
    RAISE EXCEPTION 'the room % was not made', v_missing USING ERRCODE = '55000';
  END IF;
  RETURN QUERY
  SELECT v_numbers[a.ord], a.outcome, a.seq, a.epoch, a.created, a.place
  FROM append_at(v_room, v_place, NULL, v_id, v_name, v_producer, v_data, v_meta,
    array_fill(0::smallint, ARRAY[cardinality(v_numbers)]),
    array_fill(NULL::text, ARRAY[cardinality(v_numbers)]),
    array_fill(true, ARRAY[cardinality(v_numbers)]), true) a
  ORDER BY a.ord;
END $$;

-- The same for the version before.
CREATE OR REPLACE FUNCTION carillon.relay(p_holder text, p_numbers bigint[])
RETURNS TABLE (number bigint, outcome smallint, seq bigint, epoch text, created timestamptz)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = carillon, pg_temp AS $$
  SELECT a.number, a.outcome, a.seq, a.epoch, a.created FROM relay_at(p_holder, p_numbers, NULL) a
$$;

REVOKE ALL ON FUNCTION carillon.head_at(text, text), carillon.relay_at(text, bigint[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION carillon.head_at(text, text), carillon.relay_at(text, bigint[], text[])
  TO "${app_role}";
