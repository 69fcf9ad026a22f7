-- Everybody this store refers to by Account ID: contacts, requesters, authors, and the account itself. A row alone does
-- not make a contact; the flags do.
CREATE TABLE contacts (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    account_id BLOB NOT NULL UNIQUE CHECK (length(account_id) = 33),  -- prefix and key
    name TEXT NOT NULL DEFAULT '',  -- display name they gave themselves
    nickname TEXT NOT NULL DEFAULT '',  -- name given here; wins when not empty
    profile_updated_s INTEGER NOT NULL DEFAULT 0,  -- their profile's own time, in seconds; 0 unknown
    approved INTEGER NOT NULL DEFAULT 0 CHECK (approved IN (0, 1)),  -- I accept them
    approved_me INTEGER NOT NULL DEFAULT 0 CHECK (approved_me IN (0, 1)),  -- they accept me
    blocked INTEGER NOT NULL DEFAULT 0 CHECK (blocked IN (0, 1)),
    created_at INTEGER NOT NULL
) STRICT;
