-- The conversation for which a staged voice message was recorded: it is kept until it is sent or deleted. NULL for others.
ALTER TABLE attachments ADD COLUMN draft_of INTEGER REFERENCES conversations (id) ON DELETE CASCADE;

CREATE INDEX attachments_drafts ON attachments (draft_of) WHERE draft_of IS NOT NULL;
