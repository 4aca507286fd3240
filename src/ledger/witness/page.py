"""What a witness shows of itself: its key, the logs that it watches, how far it has seen each."""

from html import escape
from typing import TypedDict

import orjson

from ledger.tlog.lines import base64
from ledger.witness.judging import Witness


class WatchedLog(TypedDict):
    """One log of a witness. `size`, `root` (base64) and `stored_at` are of the checkpoint cosigned last, null before the first."""

    origin: str
    vkeys: list[str]
    size: int | None
    root: str | None
    stored_at: str | None


def watched_logs(witness: Witness) -> list[WatchedLog]:
    """The logs of the witness, ascending by origin. Raises `WitnessStateDamaged`."""
    found: list[WatchedLog] = []
    for origin, vkeys in witness.trusted.items():
        kept = witness.latest(origin)
        found.append(
            WatchedLog(
                origin=origin,
                vkeys=[str(vkey) for vkey in vkeys],
                size=kept.checkpoint.size if kept else None,
                root=base64(kept.checkpoint.root) if kept else None,
                stored_at=f"{kept.stored_at:%Y-%m-%dT%H:%M:%SZ}" if kept else None,
            )
        )
    return found


def status_document(witness: Witness) -> bytes:
    """The witness as JSON: its name, its verifier key, and its logs."""
    return orjson.dumps({"name": witness.vkey.name, "vkey": str(witness.vkey), "logs": watched_logs(witness)})


def status_page(witness: Witness) -> str:
    """The same for people, as HTML."""
    rows = "".join(
        f"<tr><td>{escape(log['origin'])}</td><td>{log['size'] if log['size'] is not None else 'nothing yet'}</td>"
        f"<td><code>{escape(log['root'] or '')}</code></td><td>{log['stored_at'] or ''}</td></tr>"
        for log in watched_logs(witness)
    )
    name = escape(witness.vkey.name)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Witness {name}</title></head><body>'
        f"<h1>Witness {name}</h1><p>It cosigns a checkpoint of a log only if that continues the one it cosigned before. "
        f"Its verifier key:</p><p><code>{escape(str(witness.vkey))}</code></p>"
        f"<table><thead><tr><th>Log</th><th>Entries seen</th><th>Root hash</th><th>Cosigned</th></tr></thead><tbody>{rows}</tbody></table>"
        "<p>As data: <a href='logs.json'>logs.json</a>, <a href='metrics'>metrics</a>; the checkpoint itself: checkpoint?origin=…</p>"
        "</body></html>\n"
    )


def metrics(witness: Witness) -> str:
    """Counters and sizes in the text form of Prometheus."""
    answered = [f'ledger_witness_answers_total{{status="{status}"}} {count}' for status, count in sorted(witness.answered.items())]
    sizes = [
        f'ledger_witness_cosigned_size{{origin="{_label(log["origin"])}"}} {log["size"]}'
        for log in watched_logs(witness)
        if log["size"] is not None
    ]
    return "\n".join(["# TYPE ledger_witness_answers_total counter", *answered, "# TYPE ledger_witness_cosigned_size gauge", *sizes, ""])


def _label(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
