"""The operator's log: one JSON object per line on stderr, from our own parts and from the libraries'."""

import logging
import sys

import structlog


def log_to_stderr() -> None:
    """From here on this process logs so. Of libraries only warnings are of interest, and of their exceptions only the kind: a message may
    hold what somebody wrote.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, _without_words, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer()],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)


def _without_words(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """The same event, of its exception nothing but the kind."""
    exception = event.pop("exc_info", None)
    record = event.get("_record")
    if exception and isinstance(record, logging.LogRecord) and record.exc_info and record.exc_info[0]:
        kind = record.exc_info[0]
        event["kind"] = f"{kind.__module__}.{kind.__qualname__}"
    return event
