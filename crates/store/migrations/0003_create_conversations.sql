CREATE TABLE conversations (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    kind INTEGER NOT NULL CHECK (kind IN (1, 2)),  -- 1 direct, 2 note to self
    contact INTEGER NOT NULL UNIQUE REFERENCES contacts (id),  -- the other side; oneself for note to self
    list INTEGER NOT NULL DEFAULT 0 CHECK (list IN (0, 1, 2)),  -- where it is shown: 0 nowhere, 1 home, 2 requests
    hidden INTEGER NOT NULL DEFAULT 0 CHECK (hidden IN (0, 1)),  -- taken off the home list by the user
    pinned INTEGER NOT NULL DEFAULT 0,  -- order number of the pin, higher first; 0 not pinned
    last_activity INTEGER,  -- sent time of the newest message; NULL when there is none
    read_up_to INTEGER NOT NULL DEFAULT 0,  -- whatever was sent up to then counts as read
    unread INTEGER NOT NULL DEFAULT 0 CHECK (unread >= 0),  -- countable messages of others after read_up_to
    draft TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL
) STRICT;

-- The home list and the requests list in the order of the screen; a conversation that only has a draft counts as active
-- when it was made.
CREATE INDEX conversations_by_list
    ON conversations (list, pinned DESC, (ifnull(last_activity, created_at)) DESC, id DESC);
-- Unread counts of a whole list, for badges.
CREATE INDEX conversations_unread ON conversations (list, unread) WHERE unread > 0;
