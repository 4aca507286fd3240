"""`verify.html`: a page that checks a package in a browser, without a network and without a program to install (docs/verifier.md).

One self-contained file. Its sources are small files beside this one; they are put together the same way each time, so the same version of
the ledger gives the same bytes. What it has to know of events it is told by the classes themselves (`verifier_facts`).
"""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from ledger.package.verifier_facts import verifier_facts

VERIFIER: Final = "verify.html"
"""The name of the page, in a package and where it is served."""

SCRIPTS: Final = (
    # bytes, hashes, signatures
    "encoding.js", "sha256.js", "sha512.js", "confirming.js", "ed25519.js", "crc32.js", "canonical.js", "tree.js", "note.js",
    # the package
    "zip.js", "package_reader.js", "findings.js", "files.js", "names.js", "policy.js", "head.js", "older.js",
    # what was recorded, and whether it may be
    "schema.js", "events.js", "entries.js", "disclosures.js", "redactions.js", "states.js", "laws.js", "laws_project.js", "laws_step.js",
    "rule_spec.js", "laws_rules.js", "laws_selection.js", "choices.js", "laws_ballot.js", "laws_contribution.js", "laws_voice.js",
    "laws_moderation.js", "ledger_log.js", "ledger_part.js", "moments.js", "admission.js", "sealed.js", "step_rows.js", "contents.js",
    # what tables are made of
    "folds.js", "sentences.js", "table_timeline.js", "table_changes.js", "table_moderation.js", "table_erasures.js",
    "table_participation.js",
    "unshown.js", "contribution_rows.js", "table_contributions.js", "table_arguments.js", "table_sections.js", "table_versions.js",
    "table_answers.js", "tally_rows.js", "rankings.js", "table_tallies.js", "table_consensus.js", "table_aggregates.js",
    "published_differences.js",
    "table_proposals.js",
    "shapes.js", "shape_polis.js", "shape_cap_collectif.js", "shape_decidim.js",
    "replay.js",
    # the count
    "fraction.js", "tally.js", "greedy.js", "purses.js", "shares_engine.js", "shares.js", "outcome.js", "recount.js",
    "margins.js", "counterfactuals.js", "scenarios.js", "missing_ballots.js", "explanation.js", "accounts.js", "ballots.js", "results.js",
    "result_files.js", "csv.js", "tables.js", "pabulib.js", "descriptions.js",
    "judging.js",
    # the answer
    "report.js", "verification.js", "worker.js", "words_en.js", "words_fr.js", "report_view.js", "page.js",
)  # fmt: skip
"""The parts of the program. Each uses what stands before it, and while it runs what stands after it."""

_FOLDER: Final = Path(__file__).parent / "verifier"
_START: Final = "startPage();"


@cache
def verifier_page() -> bytes:
    """The bytes of the page; always the same for one version of the ledger."""
    page, style = (_source(name) for name in ("page.html", "style.css"))
    program = verifier_program()
    script = f"{program}\n{_START}"
    return (
        page.replace("{style_hash}", _hash(style))
        .replace("{script_hash}", _hash(script))
        .replace("{style}", style)
        .replace("{program}", program)
        .encode()
    )


def verifier_program() -> str:
    """The program alone: every function of the page, and nothing that starts by itself."""
    # Inside a script element nothing may look like its end; in the facts, which are text of ours, nothing does.
    facts = verifier_facts().decode().replace("<", "\\u003c")
    return "".join(['"use strict";\n', f"const FACTS = {facts};\n", *(_source(name) for name in SCRIPTS)])


def _source(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """The name under which a content security policy allows this one text."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
