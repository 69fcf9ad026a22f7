CREATE TABLE IF NOT EXISTS files (
    hash        BLOB    NOT NULL PRIMARY KEY, -- of the content, 33 bytes; names its file and, as text, is its id
    len_bytes   INTEGER NOT NULL,
    uploaded_ms INTEGER NOT NULL,             -- the latest upload of the same bytes
    expires_ms  INTEGER NOT NULL              -- not served from then on
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS files_by_expiry ON files (expires_ms);
