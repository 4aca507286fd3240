"""Scripted requests: each file in `requests/` is read and played against a service, and nothing that is refused leaves a trace."""

from pathlib import Path

import pytest

from ledger.aggregates import rules_digest
from ledger.rules.ballot_form import CartForm
from ledger.rules.spec import Lottery, RuleSpec, ScoreBy
from ledger.submit import WRITE
from tests.api.conftest import PROJECT, Town
from tests.api.transcript import Exchange, read_transcript
from tests.posting import CANDIDATES_DIGEST, RULES_DIGEST

CART = RuleSpec(
    rule="greedy", ballot=CartForm(budget_minor=50_000), score=ScoreBy(by="approvals"), budget_minor=100_000, lottery=Lottery(seed="s")
)
FILES = sorted((Path(__file__).parent / "requests").glob("*.txt"))
EXCHANGES = [pytest.param(exchange, id=exchange.sentence) for file in FILES for exchange in read_transcript(file)]


@pytest.fixture(scope="module")
def words(town: Town) -> dict[str, str]:
    service = town.service
    return {
        "PROJECT": PROJECT,
        "KEY": town.key,
        "READER": service.key("reader", scopes=frozenset({"nothing"})),
        "NEIGHBOUR": service.key("neighbour", scopes=frozenset({WRITE}), projects=frozenset({"another"})),
        "VOTERS": service.key("voters", roles=frozenset({"participant"})),
        "CANDIDATES": CANDIDATES_DIGEST,
        "RULES": RULES_DIGEST,
        "CART": rules_digest(CART),
    }


@pytest.mark.parametrize("exchange", EXCHANGES)
def test_a_request_is_answered_as_written(exchange: Exchange, town: Town, words: dict[str, str]) -> None:
    method, path, headers, body = exchange.request(words)
    before = town.size
    if method == "GET":
        town.service.settle(PROJECT)
    answer = town.service.http.request(method, path, headers=headers, content=body)
    exchange.check(answer, words)
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["type"] == f"https://docs.test/problems/{answer.json()['code']}.md"
        assert town.size == before
        for leak in ("Traceback", 'File "', "psycopg", "SELECT ", "pydantic"):
            assert leak not in answer.text
