-- How long a sound lasts, measured from its bytes when they are here and whole. NULL for everything else.
ALTER TABLE attachments ADD COLUMN duration_ms INTEGER;
