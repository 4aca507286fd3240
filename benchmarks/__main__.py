"""`python -m benchmarks` lists the benchmarks; `python -m benchmarks NAME …` runs them; `all` runs all."""

import argparse
from importlib import import_module

BENCHMARKS = {
    "http_single": "one ballot per request at 64 connections, beside a bare FastAPI route and beside stock eventsourcing",
    "http_batch": "1000 ballots per request at 4 connections, open and sealed, beside a raw binary COPY of the same rows",
    "large_table": "open ballots recorded with five million in the database, beside a fresh database",
    "catch_up": "views caught up in runs of 1000 events, beside one transaction for each event",
    "election": "61 668 ballots from their file to the result, with margins and counterfactuals",
    "imports": "real consultations from their files to a verified package, the largest over HTTP, beside reading the files as CSV",
    "browser_verifier": "a package of 100 000 ballots checked by verify.html in a browser, beside ledger verify on the same file",
    "export": "a package of 250 000 and of 1 000 000 ballots, open and sealed: time and memory to write and to verify it",
}
"""Module in this folder → what it measures. Each has a function `run(rounds)`."""


def main() -> None:
    """Runs what the command line names."""
    listed = "\n".join(f"  {name:<17} {what}" for name, what in BENCHMARKS.items())
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description=f"benchmarks:\n{listed}", formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", choices=[*BENCHMARKS, "all", []], metavar="NAME", help="one or more of these, or all")
    parser.add_argument("--rounds", type=int, default=5, help="how often each rival is measured (default 5)")
    chosen = parser.parse_args()
    if not chosen.names:
        parser.print_help()
    for name in BENCHMARKS if "all" in chosen.names else chosen.names:
        import_module(f"benchmarks.{name}").run(chosen.rounds)


if __name__ == "__main__":
    main()
