-- Small pictures of files, made when they are first shown small. They go with their files.
CREATE TABLE thumbnails (
    attachment INTEGER NOT NULL PRIMARY KEY REFERENCES attachments (id) ON DELETE CASCADE,
    bytes BLOB NOT NULL  -- encoded here, at most 320 pixels a side
) STRICT;
