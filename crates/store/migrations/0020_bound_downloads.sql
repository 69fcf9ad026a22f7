-- How much of a person's files was fetched without asking, so that nobody can fill the disk.
ALTER TABLE contacts ADD COLUMN auto_fetched INTEGER NOT NULL DEFAULT 0 CHECK (auto_fetched >= 0);  -- bytes
ALTER TABLE contacts ADD COLUMN auto_fetched_since INTEGER NOT NULL DEFAULT 0;  -- device time of the first of them

-- Whether files of people of whom nothing else was decided are fetched without asking.
ALTER TABLE preferences ADD COLUMN auto_download INTEGER NOT NULL DEFAULT 0 CHECK (auto_download IN (0, 1));
