-- What a message answers, by what names it everywhere.
ALTER TABLE messages ADD COLUMN quote_author INTEGER REFERENCES contacts (id);  -- NULL when it answers nothing
ALTER TABLE messages ADD COLUMN quote_sent_at INTEGER NOT NULL DEFAULT 0;
