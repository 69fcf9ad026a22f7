-- What became of a restored account is shown on the home screen until the user has read it.
ALTER TABLE account ADD COLUMN report_due INTEGER NOT NULL DEFAULT 0 CHECK (report_due IN (0, 1));

-- The messages that waited in the swarm were fetched once.
ALTER TABLE account ADD COLUMN messages_read INTEGER NOT NULL DEFAULT 0 CHECK (messages_read IN (0, 1));

-- The recovery phrase is not shown on this device any more, for good.
ALTER TABLE account ADD COLUMN phrase_hidden INTEGER NOT NULL DEFAULT 0 CHECK (phrase_hidden IN (0, 1));
