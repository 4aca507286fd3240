-- What made each log of the ledger log what it is, apart from how far it had come: few entries among very many, and what is read of the
-- ledger log first. No project has streams of these names. Whatever is appended to a project pays for one comparison of its stream's name:
-- a tenth of a microsecond an event.
CREATE INDEX ledger_log_turns ON events (project_id, stream, version)
    WHERE stream >= 'log/' AND stream < 'log0' AND type <> 'log.checkpointed/1';
