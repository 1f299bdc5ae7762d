-- A schema says itself which programs it still serves, so that an instance of the version before can
-- restart in the middle of an upgrade, and a version can be taken back. A migration that such a
-- program cannot work with replaces this function.
CREATE FUNCTION carillon.oldest_program() RETURNS text
LANGUAGE sql IMMUTABLE
RETURN '202';
REVOKE ALL ON FUNCTION carillon.oldest_program() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION carillon.oldest_program() TO "${app_role}";
