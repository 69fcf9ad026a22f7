-- From where to go on reading at one storage node.
CREATE TABLE last_hashes (
    node BLOB NOT NULL CHECK (length(node) = 32),  -- the node's Ed25519 key
    account_id BLOB NOT NULL CHECK (length(account_id) = 33),
    namespace INTEGER NOT NULL,
    hash TEXT NOT NULL,
    expires_at INTEGER NOT NULL,  -- after that the node no longer knows the hash
    PRIMARY KEY (node, account_id, namespace)
) STRICT, WITHOUT ROWID;

-- Messages that were taken off a swarm already, whatever became of them; a hash covers account and namespace. Outlives
-- the conversation, so that deleted messages do not come back.
CREATE TABLE seen_hashes (
    hash TEXT NOT NULL PRIMARY KEY,
    expires_at INTEGER NOT NULL  -- when it may be forgotten
) STRICT, WITHOUT ROWID;

CREATE INDEX seen_hashes_by_expiry ON seen_hashes (expires_at);
