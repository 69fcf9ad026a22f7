-- Messages of others that I have read and of which they are still to be told.
CREATE TABLE owed_receipts (
    contact INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,  -- who wrote them
    sent_at INTEGER NOT NULL,
    PRIMARY KEY (contact, sent_at)
) STRICT, WITHOUT ROWID;

-- Messages of mine that their reader says to have read, and that this device does not know as sent.
CREATE TABLE early_receipts (
    contact INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,  -- who has read them
    sent_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (contact, sent_at)
) STRICT, WITHOUT ROWID;

CREATE INDEX early_receipts_by_age ON early_receipts (received_at);
