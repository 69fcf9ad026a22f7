-- What the devices of the account agree on, one config a row, as a device holds it between two starts.
CREATE TABLE configs (
    namespace INTEGER NOT NULL PRIMARY KEY,  -- where the swarm keeps it
    dump BLOB NOT NULL
) STRICT;

-- The account's settings were read from its swarm. Nothing is pushed before: it could overwrite what was not seen.
ALTER TABLE account ADD COLUMN settings_read INTEGER NOT NULL DEFAULT 0 CHECK (settings_read IN (0, 1));
