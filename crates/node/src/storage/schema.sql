-- Rows are found by account and box in the order of arrival, by hash, and by expiry.
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY,                -- order of arrival: above all that are there
    account BLOB NOT NULL,                 -- 33 bytes, prefix first
    namespace INTEGER NOT NULL,            -- -32768 to 32767
    hash TEXT NOT NULL UNIQUE,             -- 43 characters
    timestamp INTEGER NOT NULL,            -- ms since 1970, as the sender said
    expiry INTEGER NOT NULL,               -- ms since 1970
    data BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS messages_by_box ON messages (account, namespace, id);
CREATE INDEX IF NOT EXISTS messages_by_expiry ON messages (expiry);

-- Kept apart from messages, so that a token stays revoked while its account has none.
CREATE TABLE IF NOT EXISTS revoked_subaccounts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- order of revocation
    account BLOB NOT NULL,                 -- 33 bytes, prefix first
    token BLOB NOT NULL,                   -- 36 bytes
    revoked_at INTEGER NOT NULL,           -- ms since 1970, this node's clock
    UNIQUE (account, token)
) STRICT;

-- How far messages of the files beside this one have come into `messages`.
CREATE TABLE IF NOT EXISTS moved_arrivals (
    id INTEGER PRIMARY KEY CHECK (id = 1), -- one row
    generation INTEGER NOT NULL            -- all messages up to this generation are here or were deleted
) STRICT;
