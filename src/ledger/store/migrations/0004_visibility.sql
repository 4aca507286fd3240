-- 1 + seq of the newest event that may have changed what is shown of earlier ones (a case, an erasure); 0 before the first. Whoever keeps
-- something that shows texts asks by this whether it still may.
ALTER TABLE heads ADD COLUMN visibility_size bigint NOT NULL DEFAULT 0;
