-- Backups: what is never to come back from one, when they are made, and a restore that is under way.

-- Messages that were removed one by one. A backup of any age may still hold them; those with a timer are in none.
CREATE TABLE lasting_removals (
    contact INTEGER NOT NULL REFERENCES contacts (id),  -- the other side of the conversation it was in
    author INTEGER NOT NULL REFERENCES contacts (id),
    sent_at INTEGER NOT NULL,
    PRIMARY KEY (contact, author, sent_at)
) STRICT, WITHOUT ROWID;

-- Everything that was sent up to then in the conversation with them was removed at once; what stands in the table above
-- for that time is no longer needed there.
ALTER TABLE contacts ADD COLUMN cleared_up_to INTEGER NOT NULL DEFAULT 0;

-- Backups that are made by themselves. Without a row none are.
CREATE TABLE backup_schedule (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),  -- one row
    every_days INTEGER NOT NULL CHECK (every_days > 0),
    folder TEXT NOT NULL,
    include_account INTEGER NOT NULL CHECK (include_account IN (0, 1)),
    key BLOB NOT NULL,  -- secret; what the passphrase became, with its salt and costs
    due_at INTEGER NOT NULL,  -- device time of the next one
    failure TEXT  -- code and values of why the last one could not be made
) STRICT;

-- Files that were made by themselves; all but the newest two are removed again.
CREATE TABLE scheduled_backups (
    path TEXT NOT NULL PRIMARY KEY,
    made_at INTEGER NOT NULL  -- device time
) STRICT, WITHOUT ROWID;

-- A backup that is being brought back. The row leaves with its last message.
CREATE TABLE restore_under_way (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    path TEXT NOT NULL,
    key BLOB NOT NULL  -- secret; as above
) STRICT;
