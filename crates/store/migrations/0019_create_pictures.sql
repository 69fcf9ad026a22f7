-- The picture of a person that is shown, mine among them: a sealed file, small, encoded here. Its name is the picture's
-- name everywhere; its key is only here.
ALTER TABLE contacts ADD COLUMN picture BLOB CHECK (length(picture) = 16);  -- NULL where initials are shown
ALTER TABLE contacts ADD COLUMN picture_seal BLOB CHECK (length(picture_seal) = 32);  -- secret; NULL without a picture

CREATE UNIQUE INDEX contacts_by_picture ON contacts (picture) WHERE picture IS NOT NULL;

CREATE TRIGGER contacts_doom_picture AFTER UPDATE OF picture ON contacts
WHEN old.picture IS NOT NULL AND old.picture IS NOT new.picture
BEGIN
    INSERT OR IGNORE INTO doomed_files (file) VALUES (old.picture);
END;

CREATE TRIGGER contacts_doom_last_picture AFTER DELETE ON contacts WHEN old.picture IS NOT NULL
BEGIN
    INSERT OR IGNORE INTO doomed_files (file) VALUES (old.picture);
END;

-- The pictures that others say they have. A row stays when a picture is taken away: it counts what is fetched in a day.
CREATE TABLE their_pictures (
    contact INTEGER NOT NULL PRIMARY KEY REFERENCES contacts (id) ON DELETE CASCADE,
    url TEXT,  -- on a file server; NULL when they took it away
    key BLOB CHECK (length(key) = 32),  -- secret; what decrypts it
    state INTEGER NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 3),  -- 0 none, 1 to be fetched, 2 shown, 3 given up
    attempts INTEGER NOT NULL DEFAULT 0,  -- tries that failed
    next_try_at INTEGER NOT NULL DEFAULT 0,  -- device time
    since INTEGER NOT NULL DEFAULT 0,  -- device time of the first try
    day_began INTEGER NOT NULL DEFAULT 0,  -- device time from which on pictures are counted
    day_count INTEGER NOT NULL DEFAULT 0  -- pictures of which a fetch began since then
) STRICT;

CREATE INDEX their_pictures_due ON their_pictures (next_try_at, contact) WHERE state = 1;

-- Where my picture lies for others: one row, none before there was a picture.
CREATE TABLE own_picture (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    url TEXT,  -- on a file server; NULL before the first upload and after removal
    key BLOB CHECK (length(key) = 32),  -- secret; what decrypts it
    set_at INTEGER NOT NULL DEFAULT 0,  -- when others first could have it, or when it was removed; 0 never
    renewed_at INTEGER NOT NULL DEFAULT 0,  -- when it was uploaded again under another URL; 0 never
    uploaded_at INTEGER NOT NULL DEFAULT 0,  -- when the file of this URL was uploaded
    task INTEGER NOT NULL DEFAULT 0 CHECK (task BETWEEN 0 AND 2),  -- 0 none, 1 to be uploaded, 2 to be kept on the server
    attempts INTEGER NOT NULL DEFAULT 0,  -- tries of the task that failed
    next_try_at INTEGER NOT NULL DEFAULT 0  -- device time
) STRICT;
