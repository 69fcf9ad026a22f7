-- What people do with conversations and contacts in the lists.

ALTER TABLE conversations ADD COLUMN muted_until INTEGER NOT NULL DEFAULT 0;  -- notifies from then on; the largest
                                                                              -- number: never
ALTER TABLE conversations ADD COLUMN marked_unread INTEGER NOT NULL DEFAULT 0 CHECK (marked_unread IN (0, 1));
-- Sent time of the newest message before the last of them went; keeps an emptied conversation in its place. NULL when
-- nothing was ever written, or the conversation was deleted.
ALTER TABLE conversations ADD COLUMN kept_at INTEGER;
-- When the conversation was deleted; what was written earlier does not bring it back.
ALTER TABLE contacts ADD COLUMN deleted_at INTEGER NOT NULL DEFAULT 0;
-- For sorting and finding: '0' for a name that begins with a letter, else '1'; then the words of the shown name, '/', and
-- those of the other name, all without letter case and accents, one blank before each.
ALTER TABLE contacts ADD COLUMN names TEXT NOT NULL DEFAULT '1';

UPDATE contacts SET names = contact_names(nickname, name);

CREATE TRIGGER contacts_named AFTER UPDATE OF nickname, name ON contacts
WHEN new.nickname <> old.nickname OR new.name <> old.name
BEGIN
    UPDATE contacts SET names = contact_names(new.nickname, new.name) WHERE id = new.id;
END;

CREATE TRIGGER conversations_emptied AFTER UPDATE OF last_activity ON conversations
WHEN new.last_activity IS NULL AND old.last_activity IS NOT NULL
BEGIN
    UPDATE conversations SET kept_at = old.last_activity WHERE id = new.id;
END;

-- The lists in the order of the screen: an emptied conversation stays where it was, one that only has a draft counts as
-- active when it was made.
DROP INDEX conversations_by_list;
CREATE INDEX conversations_by_list
    ON conversations (list, pinned DESC, (coalesce(last_activity, kept_at, created_at)) DESC, id DESC);
-- When the next one may notify again.
CREATE INDEX conversations_muted ON conversations (muted_until) WHERE muted_until > 0;
-- Lists of people by name; with all names in them, a search reads no other row than those that match.
CREATE INDEX contacts_accepted ON contacts (approved, names, account_id) WHERE approved = 1 AND blocked = 0;
CREATE INDEX contacts_blocked ON contacts (blocked, names, account_id) WHERE blocked = 1;
