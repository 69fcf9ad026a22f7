-- Whether people of communities may ask to write to me. Devices share it; NULL while nobody has said.
ALTER TABLE preferences ADD COLUMN community_requests INTEGER CHECK (community_requests IN (0, 1));
