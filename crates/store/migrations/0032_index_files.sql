-- Files that were chosen and not sent are few among very many, and so are those that lie here: both are looked for
-- whenever the store is opened.
CREATE INDEX attachments_staged ON attachments (since) WHERE message IS NULL;
CREATE INDEX attachments_here ON attachments (file) WHERE file IS NOT NULL;
