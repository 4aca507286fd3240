-- Erasure asks for the texts under one key: all that a person wrote. Sealed choices are never asked for so, and are left out for their cost.
-- Every query that is to use the index states its condition.
CREATE INDEX disclosures_by_key ON disclosures (project_id, key_name) WHERE visibility <> 'sealed';

-- Projects of which something was erased, written by the transaction that erased it: until their keys are wrapped under a new epoch and the
-- old one's file is destroyed, a copy of the database from before still opens what was erased. `erasures` tells whether there were more
-- while the keys were being wrapped.
CREATE TABLE rotations_due (
    project_id bigint PRIMARY KEY,
    erasures   bigint NOT NULL DEFAULT 1,
    since      timestamptz NOT NULL DEFAULT now()
);
