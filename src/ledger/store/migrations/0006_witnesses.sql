-- Cosignatures of the ledger log's checkpoints, as signature lines of a note; each was verified before it was stored.
CREATE TABLE cosignatures (
    project_id  bigint NOT NULL,
    size        bigint NOT NULL,
    vkey        text COLLATE "C" NOT NULL,
    line        text NOT NULL,
    cosigned_at bigint NOT NULL,  -- Unix time in seconds, by the witness's clock
    stored_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (project_id, size, vkey)
);

-- The witnesses of the policy as they answered last. `seen_size` is what a witness has cosigned by its own account: the old size that the
-- next request to it starts from, and where it is greater than the log, proof that the log was put back to an earlier state.
CREATE TABLE witnesses (
    project_id    bigint NOT NULL,
    vkey          text COLLATE "C" NOT NULL,
    state         text NOT NULL,
    why           text NOT NULL,
    seen_size     bigint NOT NULL,
    cosigned_size bigint,
    cosigned_at   bigint,
    failures      integer NOT NULL,
    asked_at      timestamptz NOT NULL DEFAULT now(),
    again_at      timestamptz NOT NULL,
    PRIMARY KEY (project_id, vkey)
);

-- RFC 3161 timestamps over the text of checkpoints of the ledger log. `stated_at` is the authority's time.
CREATE TABLE anchors (
    project_id bigint NOT NULL,
    size       bigint NOT NULL,
    response   bytea NOT NULL,
    stated_at  timestamptz NOT NULL,
    asked_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (project_id, size)
);
