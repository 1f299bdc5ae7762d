-- The names of days are compared as text. To make dates of them first was an error as soon as the planner
-- looked at all relations before it asked whose partitions they are, which it does when there are many:
-- pg_toast_16384 ends with no date, and an instance with some months behind it did not start.

CREATE OR REPLACE FUNCTION carillon.truncate_keys() RETURNS integer
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

CREATE OR REPLACE FUNCTION carillon.drop_empty_days() RETURNS integer
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

CREATE OR REPLACE FUNCTION carillon.drop_empty_day() RETURNS text
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
