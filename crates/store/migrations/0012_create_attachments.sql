-- Files of messages: where they lie on a server, where they lie here, and how far they have come. A file here is sealed
-- with a key of its own, which only this table knows; deleting the row makes the file noise at once.
CREATE TABLE attachments (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    message INTEGER REFERENCES messages (id) ON DELETE CASCADE,  -- NULL while it is staged: chosen here, not sent yet
    position INTEGER NOT NULL DEFAULT 0,  -- order within the message
    kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 5),  -- 1 image, 2 video, 3 voice, 4 audio, 5 other
    state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 6),  -- 1 offered or staged, 2 to be downloaded,
                                                           -- 3 to be uploaded, 4 whole, 5 given up, 6 gone
    file_name TEXT NOT NULL DEFAULT '',
    content_type TEXT NOT NULL DEFAULT '',
    size INTEGER NOT NULL CHECK (size >= 0),  -- bytes in the clear; what a sender claims until the file is here
    width INTEGER,  -- pixels
    height INTEGER,
    url TEXT,  -- on the file server; NULL until it was uploaded
    key BLOB,  -- what decrypts the file of that server
    digest BLOB CHECK (length(digest) = 32),  -- SHA-256 of the encrypted file; NULL for the stream form
    remote_size INTEGER,  -- bytes in the clear as the sender says; cuts the padding off
    file BLOB CHECK (length(file) = 16),  -- name of the sealed file here; NULL while there is none
    file_key BLOB CHECK (length(file_key) = 32),  -- secret; the key of that file
    attempts INTEGER NOT NULL DEFAULT 0,  -- tries since it was queued or retried by hand
    next_try_at INTEGER NOT NULL DEFAULT 0,  -- device time
    since INTEGER NOT NULL DEFAULT 0,  -- device time of queueing or of the last retry by hand
    failure TEXT  -- code and values of why it failed or waits
) STRICT;

CREATE UNIQUE INDEX attachments_by_message ON attachments (message, position) WHERE message IS NOT NULL;
CREATE INDEX attachments_due ON attachments (state, next_try_at, id) WHERE state IN (2, 3);

-- Sealed files that no row knows any more, until they are removed from the disk.
CREATE TABLE doomed_files (
    file BLOB NOT NULL PRIMARY KEY CHECK (length(file) = 16)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER attachments_doom_file AFTER DELETE ON attachments WHEN old.file IS NOT NULL
BEGIN
    INSERT OR IGNORE INTO doomed_files (file) VALUES (old.file);
END;

-- Whether this person's files are fetched without asking: 0 not yet decided, 1 yes, 2 no.
ALTER TABLE contacts ADD COLUMN auto_download INTEGER NOT NULL DEFAULT 0 CHECK (auto_download IN (0, 1, 2));
