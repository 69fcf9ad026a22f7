-- When somebody was last blocked and last unblocked. What they sent in between stays dropped, also when it is fetched only
-- afterwards.
ALTER TABLE contacts ADD COLUMN blocked_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE contacts ADD COLUMN unblocked_at INTEGER NOT NULL DEFAULT 0;
