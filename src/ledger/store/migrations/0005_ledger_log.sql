-- What made each log of the ledger log what it is, apart from how far it had come: few entries among very many, and what is read of the
-- ledger log first. No project's log holds entries of these types, so nothing of a project's is in here.
CREATE INDEX ledger_log_turns ON events (project_id, stream, version)
    WHERE type IN ('log.opened/1', 'log.closed/1', 'key.added/1', 'key.retired/1');
