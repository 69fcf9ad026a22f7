-- Full-text search over the texts of messages, in step with every write by triggers.

-- Which message stands at which place of the index. A place is the sent time (42 bits) and the low 21 bits of the
-- message's id, so that the index gives what it finds in the order of the screen.
CREATE TABLE search_rows (
    key INTEGER NOT NULL PRIMARY KEY,
    message INTEGER NOT NULL
) STRICT;

-- The index holds no texts, only where the tokens of `search_text(body)` are, and the conversation as the token 'c' and
-- its id. The tokens are folded already and stand between blanks: the simplest tokenizer keeps them as they are. Beginnings
-- of one and two characters have lists of their own; asking for them would otherwise merge half of the index.
CREATE VIRTUAL TABLE search_texts USING fts5 (
    text, place, content = '', columnsize = 0, prefix = '1 2', tokenize = 'ascii'
);
-- What is deleted leaves the index at once, and not with some later merge.
INSERT INTO search_texts (search_texts, rank) VALUES ('secure-delete', 1);

-- Messages that were here before the index: those with a smaller id are still to be indexed.
CREATE TABLE search_backlog (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    below INTEGER NOT NULL
) STRICT;

INSERT INTO search_backlog (id, below) SELECT 1, 1 + max(id) FROM messages HAVING count(*) > 0;

CREATE TRIGGER messages_search_insert AFTER INSERT ON messages WHEN new.kind = 1
BEGIN
    INSERT OR IGNORE INTO search_rows (key, message)
    VALUES ((min(max(new.sent_at, 0), 4398046511103) << 21) | (new.id & 2097151), new.id);
    INSERT INTO search_texts (rowid, text, place)
    SELECT key, search_text(new.body), 'c' || new.conversation FROM search_rows
    WHERE key = (min(max(new.sent_at, 0), 4398046511103) << 21) | (new.id & 2097151) AND message = new.id;
END;

CREATE TRIGGER messages_search_delete AFTER DELETE ON messages WHEN old.kind = 1
BEGIN
    INSERT INTO search_texts (search_texts, rowid, text, place)
    SELECT 'delete', key, search_text(old.body), 'c' || old.conversation FROM search_rows
    WHERE key = (min(max(old.sent_at, 0), 4398046511103) << 21) | (old.id & 2097151) AND message = old.id;
    DELETE FROM search_rows
    WHERE key = (min(max(old.sent_at, 0), 4398046511103) << 21) | (old.id & 2097151) AND message = old.id;
END;

CREATE TRIGGER messages_search_update AFTER UPDATE OF kind, body, sent_at, conversation ON messages
BEGIN
    INSERT INTO search_texts (search_texts, rowid, text, place)
    SELECT 'delete', key, search_text(old.body), 'c' || old.conversation FROM search_rows
    WHERE key = (min(max(old.sent_at, 0), 4398046511103) << 21) | (old.id & 2097151) AND message = old.id;
    DELETE FROM search_rows
    WHERE key = (min(max(old.sent_at, 0), 4398046511103) << 21) | (old.id & 2097151) AND message = old.id;
    INSERT OR IGNORE INTO search_rows (key, message)
    SELECT (min(max(new.sent_at, 0), 4398046511103) << 21) | (new.id & 2097151), new.id WHERE new.kind = 1;
    INSERT INTO search_texts (rowid, text, place)
    SELECT key, search_text(new.body), 'c' || new.conversation FROM search_rows
    WHERE key = (min(max(new.sent_at, 0), 4398046511103) << 21) | (new.id & 2097151) AND message = new.id;
END;
