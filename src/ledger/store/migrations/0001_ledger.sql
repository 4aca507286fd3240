-- One row per log. `project_id` keys everything else, so that a cluster can be sharded by it.
CREATE TABLE projects (
    project_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref        text COLLATE "C" NOT NULL UNIQUE,
    origin     text NOT NULL UNIQUE,
    opened_at  text NOT NULL
);

-- Appends to a project are serialised by locking its head. Sizes count entries from 0.
CREATE TABLE heads (
    project_id  bigint PRIMARY KEY,
    size        bigint NOT NULL DEFAULT 0,
    shared_size bigint NOT NULL DEFAULT 0,  -- 1 + seq of the newest event of a shared stream
    last_at     text NOT NULL DEFAULT '',   -- greatest unfloored `at`
    next_due_at text                        -- when the clock next opens or closes a step
);

-- The log. `entry` is the leaf data, byte for byte; nothing here is ever updated or deleted.
-- The unique index is what refuses a second first ballot, and the way to every stream. Streams of ballots have random names, so an append
-- touches a page of it anywhere: it takes about 90 bytes per event and has to stay in `shared_buffers`. Names of refs made by the ledger
-- ascend with time for that reason. Indexing a hash of the name instead halved it and gained a tenth; it would lose ranges of names.
CREATE TABLE events (
    project_id bigint NOT NULL,
    seq        bigint NOT NULL,
    stream     text COLLATE "C" NOT NULL,
    version    integer NOT NULL,
    type       text COLLATE "C" NOT NULL,
    leaf_hash  bytea NOT NULL,
    entry      bytea NOT NULL,
    PRIMARY KEY (project_id, seq),
    UNIQUE (project_id, stream, version)
);
ALTER TABLE events ALTER COLUMN leaf_hash SET STORAGE PLAIN;
ALTER TABLE events ALTER COLUMN entry SET STORAGE MAIN;

-- Hashes of complete subtrees of 256^level leaves (level ≥ 1); the leaves' own hashes stand in `events`.
CREATE TABLE subtrees (
    project_id bigint NOT NULL,
    level      smallint NOT NULL,
    index      bigint NOT NULL,
    hash       bytea NOT NULL,
    PRIMARY KEY (project_id, level, index)
);

CREATE TABLE checkpoints (
    project_id bigint NOT NULL,
    size       bigint NOT NULL,
    root       bytea NOT NULL,
    note       text NOT NULL,
    signed_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (project_id, size)
);

-- Opened commitments, encrypted. `key_name` says under which key: a subject's, the institution's, or a step's.
CREATE TABLE disclosures (
    project_id bigint NOT NULL,
    seq        bigint NOT NULL,
    name       text COLLATE "C" NOT NULL,
    visibility text COLLATE "C" NOT NULL,
    key_name   text COLLATE "C" NOT NULL,
    ciphertext bytea NOT NULL,
    PRIMARY KEY (project_id, seq, name)
);

CREATE TABLE subject_keys (
    project_id bigint NOT NULL,
    key_name   text COLLATE "C" NOT NULL,
    epoch      integer NOT NULL,
    wrapped    bytea NOT NULL,
    PRIMARY KEY (project_id, key_name)
);

-- Answers to requests that carried an Idempotency-Key; `fingerprint` is a keyed hash of the body.
CREATE TABLE requests (
    project_id  bigint NOT NULL,
    client      text COLLATE "C" NOT NULL,
    key         text COLLATE "C" NOT NULL,
    fingerprint bytea NOT NULL,
    answer      bytea NOT NULL,
    answered_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (project_id, client, key)
);

-- API clients. The secret itself is shown once and never stored. An empty `projects` means every project.
CREATE TABLE clients (
    name        text COLLATE "C" PRIMARY KEY,
    secret_hash bytea NOT NULL UNIQUE,
    namespace   text NOT NULL,
    scopes      text[] NOT NULL,
    projects    text[] NOT NULL,
    roles       text[] NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    revoked_at  timestamptz
);

-- Rows of projections, kept through time: a row is true at the sizes in (from_seq, to_seq], that is before the event `to_seq` changed it.
CREATE TABLE view_rows (
    project_id bigint NOT NULL,
    projection text COLLATE "C" NOT NULL,
    generation integer NOT NULL,
    key        text COLLATE "C" NOT NULL,
    from_seq   bigint NOT NULL,
    to_seq     bigint,
    row        bytea NOT NULL,
    PRIMARY KEY (project_id, projection, generation, key, from_seq)
);
-- For reading rows in the order of their last change, a page at a time. Every row meets the condition: it is there so that only a query that
-- states it can use this index. On a table that was never analysed the planner would else take it for looking up keys, and walk everything.
CREATE INDEX view_rows_by_seq ON view_rows (project_id, projection, generation, from_seq) WHERE from_seq >= 0;

-- Which generation of a projection's rows is served; a rebuild fills the next one beside it.
CREATE TABLE view_generations (
    project_id bigint NOT NULL,
    projection text COLLATE "C" NOT NULL,
    generation integer NOT NULL,
    version    integer NOT NULL,
    serving    boolean NOT NULL,
    PRIMARY KEY (project_id, projection, generation)
);

-- How far each generation of a projection has come, as notification ids of the `eventsourcing` library (seq + 1), written in the
-- transaction that writes its rows.
CREATE TABLE tracking (
    project_id       bigint NOT NULL,
    application_name text COLLATE "C" NOT NULL,
    notification_id  bigint NOT NULL,
    PRIMARY KEY (project_id, application_name)
);
