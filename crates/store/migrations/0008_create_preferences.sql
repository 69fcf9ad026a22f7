-- What the user likes, on this device. Without a row everything is at its default.
CREATE TABLE preferences (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),  -- one row
    theme INTEGER NOT NULL DEFAULT 0 CHECK (theme BETWEEN 0 AND 3),  -- 0 as the device says, 1 light, 2 dark, 3 high contrast
    accent INTEGER NOT NULL DEFAULT 0 CHECK (accent >= 0),  -- 0 sea, 1 blue, 2 violet, 3 plum, 4 moss, 5 amber, 6 slate
    text_scale_percent INTEGER NOT NULL DEFAULT 100 CHECK (text_scale_percent BETWEEN 80 AND 200),
    reduce_motion INTEGER CHECK (reduce_motion IN (0, 1)),  -- NULL as the device says
    send_with_enter INTEGER NOT NULL DEFAULT 1 CHECK (send_with_enter IN (0, 1)),
    autoplay_voice INTEGER NOT NULL DEFAULT 0 CHECK (autoplay_voice IN (0, 1)),
    read_receipts INTEGER NOT NULL DEFAULT 0 CHECK (read_receipts IN (0, 1)),
    typing_indicators INTEGER NOT NULL DEFAULT 0 CHECK (typing_indicators IN (0, 1)),
    link_previews INTEGER NOT NULL DEFAULT 0 CHECK (link_previews IN (0, 1)),
    link_previews_asked INTEGER NOT NULL DEFAULT 0 CHECK (link_previews_asked IN (0, 1))
) STRICT;
