-- The way out that the user has chosen; no row is the direct one.
CREATE TABLE proxy (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    host TEXT NOT NULL CHECK (length(host) BETWEEN 1 AND 255),
    port INTEGER NOT NULL CHECK (port BETWEEN 1 AND 65535),
    -- Both or none.
    user TEXT CHECK (length(user) BETWEEN 1 AND 255),
    password TEXT CHECK (length(password) BETWEEN 1 AND 255),
    -- Not only what goes to other places than relays.
    everything INTEGER NOT NULL,
    CHECK ((user IS NULL) = (password IS NULL))
) STRICT;
