-- What came before the message that it is about is kept under Account IDs, so that it makes nobody known, and within a
-- limit for each quota.

-- Messages that were taken back before they came.
CREATE TABLE early_takebacks (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    quota BLOB NOT NULL,  -- the Account ID of who asked; empty for everybody who is not accepted, together
    author BLOB NOT NULL CHECK (length(author) = 33),  -- of the message
    sent_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX early_takebacks_by_name ON early_takebacks (author, sent_at, quota);
CREATE INDEX early_takebacks_by_quota ON early_takebacks (quota, id);
CREATE INDEX early_takebacks_by_age ON early_takebacks (received_at);

INSERT OR IGNORE INTO early_takebacks (quota, author, sent_at, received_at)
SELECT account_id, account_id, sent_at, received_at
FROM early_unsends JOIN contacts ON contacts.id = early_unsends.author;
DROP TABLE early_unsends;

-- Words about emojis on messages that have not come.
CREATE TABLE early_words (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    quota BLOB NOT NULL,  -- as above
    peer BLOB NOT NULL CHECK (length(peer) = 33),  -- the other side of the conversation
    target_author BLOB NOT NULL CHECK (length(target_author) = 33),
    target_sent_at INTEGER NOT NULL,
    emoji TEXT NOT NULL,
    author BLOB NOT NULL CHECK (length(author) = 33),  -- of the word
    given INTEGER NOT NULL CHECK (given IN (0, 1)),
    sent_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL
) STRICT;

CREATE INDEX early_words_by_target ON early_words (target_sent_at, target_author, peer);
CREATE INDEX early_words_by_quota ON early_words (quota, id);
CREATE INDEX early_words_by_age ON early_words (received_at);

INSERT INTO early_words (quota, peer, target_author, target_sent_at, emoji, author, given, sent_at, received_at)
SELECT author.account_id, peer.account_id, target.account_id, target_sent_at, emoji, author.account_id, given, sent_at,
       received_at
FROM early_reactions
JOIN contacts AS author ON author.id = early_reactions.author
JOIN contacts AS peer ON peer.id = early_reactions.peer
JOIN contacts AS target ON target.id = early_reactions.target_author;
DROP TABLE early_reactions;
