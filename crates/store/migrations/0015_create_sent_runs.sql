-- Sent times that this account has used, as runs with unused times between them: what a wrong clock has used ahead of time
-- is passed over when that time comes.
CREATE TABLE sent_runs (
    first_sent_at INTEGER NOT NULL PRIMARY KEY,
    last_sent_at INTEGER NOT NULL CHECK (last_sent_at >= first_sent_at)
) STRICT;

INSERT INTO sent_runs (first_sent_at, last_sent_at)
SELECT last_sent_at, last_sent_at FROM account WHERE last_sent_at > 0;
