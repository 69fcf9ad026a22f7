-- What messages show of a link in them. The picture of a preview is the message's file (attachments) at position -1.
CREATE TABLE link_previews (
    message INTEGER NOT NULL PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
    url TEXT NOT NULL,  -- as it stands in the text
    title TEXT NOT NULL DEFAULT ''  -- may be empty beside a picture
) STRICT;
