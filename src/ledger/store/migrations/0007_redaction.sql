-- Entries whose bytes a court ordered to be withheld: their rows in `events` stay, and `entry` is null. `line` stands in its place wherever
-- entries are read; it says what is left (docs/formats/entry.md). Both are written by the transaction that appends `entry.redacted`.
ALTER TABLE events ALTER COLUMN entry DROP NOT NULL;
CREATE TABLE redactions (
    project_id  bigint NOT NULL,
    seq         bigint NOT NULL,
    redacted_by bigint NOT NULL,  -- seq of the event
    line        bytea NOT NULL,
    PRIMARY KEY (project_id, seq)
);

-- The server samples columns for its planner and keeps some of their values, which would be a copy of what has to go. No query asks by these
-- columns, so they are sampled no more. Stating the type again drops the samples that there are; nothing is rewritten.
ALTER TABLE events ALTER COLUMN entry TYPE bytea, ALTER COLUMN entry SET STATISTICS 0;
ALTER TABLE events ALTER COLUMN entry SET STORAGE MAIN;
ALTER TABLE view_rows ALTER COLUMN row TYPE bytea, ALTER COLUMN row SET STATISTICS 0;

-- 1 + `redacted_by` of the newest redaction when the generation was begun: one that is older than a redaction holds rows that were made of
-- the redacted entry. It is neither served nor folded any further, and goes when another has taken its place.
ALTER TABLE view_generations ADD COLUMN redaction_size bigint NOT NULL DEFAULT 0;

-- The clock also destroys keys at the date that the opening announces, and projects where nobody writes have to be woken for it.
UPDATE heads AS h SET next_due_at = least(h.next_due_at, opened.due) FROM (
    SELECT p.project_id, convert_from(e.entry, 'UTF8')::json #>> '{data,keys_destroyed_at}' AS due FROM projects AS p
    CROSS JOIN LATERAL (SELECT entry FROM events WHERE project_id = p.project_id AND seq = 0 AND type = 'project.opened/1' OFFSET 0) AS e
) AS opened
WHERE h.project_id = opened.project_id AND opened.due IS NOT NULL;
