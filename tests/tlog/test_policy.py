"""Policies of C2SP tlog-policy: what is read, what is not, and when a quorum is met."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import MalformedPolicy
from ledger.tlog.policy import MAX_DEFINED, MAX_POLICY_SIZE, Policy, parse_policy
from ledger.tlog.vkey import SignatureType, Vkey
from tests.tlog.keys import KnownSigner

LOG = KnownSigner("ledger.example/ledger", 99).vkey
X1, X2, X3, Y1, Y2, Y3 = (KnownSigner(f"witness.example/{byte}", byte).cosign("", 0)[0] for byte in range(1, 7))

TWO_LEVELS = f"""
# Two towns and three newspapers.
log {LOG}
witness X1 {X1} https://one.example
\twitness  X2\t{X2}
witness X3 {X3}
group X-witnesses 2 X1 X2 X3
witness Y1 {Y1}
witness Y2 {Y2}
witness Y3 {Y3}
group Y-witnesses any Y1 Y2 Y3
group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def policy(text: str) -> Policy:
    return parse_policy(text.encode())


def test_a_policy_says_its_logs_witnesses_and_groups_in_their_order() -> None:
    read = policy(TWO_LEVELS)
    assert [(log.vkey, log.url) for log in read.logs] == [(LOG, "")]
    assert [witness.vkey for witness in read.witnesses] == [X1, X2, X3, Y1, Y2, Y3]
    assert [witness.url for witness in read.witnesses] == ["https://one.example", "", "", "", "", ""]
    assert [(group.name, group.threshold) for group in read.groups] == [(b"X-witnesses", 2), (b"Y-witnesses", 1), (b"X-and-Y", 2)]
    assert read.quorum == b"X-and-Y"
    assert read.log_keys("ledger.example/ledger") == (LOG,)
    assert read.log_keys("ledger.example/other") == ()


@pytest.mark.parametrize(
    ("cosigners", "met"),
    [
        ([X1, X2, Y1], True),
        ([X1, X2, X3, Y1, Y2, Y3], True),
        ([X1, X2], False),
        ([X1, Y1, Y2, Y3], False),
        ([X1, X1, Y1], False),
        ([], False),
    ],
)
def test_a_quorum_of_two_levels_asks_for_enough_of_each_group(cosigners: list[Vkey], *, met: bool) -> None:
    assert policy(TWO_LEVELS).quorum_met(cosigners) is met


def test_a_quorum_may_be_one_witness_or_nobody() -> None:
    one = policy(f"witness a {X1}\nwitness b {X2}\nquorum b\n")
    assert one.quorum_met([X2])
    assert not one.quorum_met([X1])
    nobody = policy("quorum none\n")
    assert nobody.quorum_met([])
    assert not nobody.asks_for_witnesses


def test_a_key_counts_only_as_the_policy_writes_it() -> None:
    one = policy(f"witness a {X1}\nquorum a\n")
    assert not one.quorum_met([Vkey(X1.name, X1.public_key)])
    assert not one.quorum_met([Vkey("other.example", X1.public_key, SignatureType.COSIGNATURE)])


def test_names_are_octets() -> None:
    kelvin = "\u212a".encode()
    read = parse_policy(b"witness K %b\nwitness %b %b\nwitness \xff\xfe %b\nquorum \xff\xfe\n" % (_key(X1), kelvin, _key(X2), _key(X3)))
    assert [witness.name for witness in read.witnesses] == [b"K", kelvin, b"\xff\xfe"]
    assert read.witnesses[2].label == "\\xff\\xfe"
    assert read.quorum_met([X3])
    assert not read.quorum_met([X1, X2])


def test_comments_blank_lines_and_tabs_are_passed_over() -> None:
    read = policy(f" \t\n  # quorum none\n\twitness\ta\t{X1}\t \nquorum   a  \n")
    assert read.quorum_met([X1])
    assert not read.quorum_met([])


@pytest.mark.parametrize(
    ("text", "place", "why"),
    [
        ("", "policy", "no quorum"),
        ("quorum none", "line 1", "does not end"),
        ("quorum none\nquorum none\n", "line 2", "another quorum"),
        ("quorum\n", "line 1", "quorum <name>"),
        ("quorum none none\n", "line 1", "quorum <name>"),
        ("quorum a\n", "line 1", "no line before defines 'a'"),
        (f"quorum a\nwitness a {X1}\n", "line 1", "no line before defines 'a'"),
        ("quorum none\r\n", "line 1", "0D"),
        ("quorum none\x7f\n", "line 1", "7F"),
        ("# a\x00comment\nquorum none\n", "line 1", "00"),
        ("quorum\u00a0none\n", "line 1", "begins with"),
        ("Quorum none\n", "line 1", "begins with"),
        ("quorum none # really\n", "line 1", "quorum <name>"),
        ("log\nquorum none\n", "line 1", "log <vkey>"),
        (f"log {LOG} https://one.example two\nquorum none\n", "line 1", "log <vkey>"),
        (f"log {LOG}\nlog {LOG}\nquorum none\n", "line 2", "another log line has this key"),
        (f"log {LOG}\nlog {Vkey('other.example', LOG.public_key)}\nquorum none\n", "line 2", "another log line has this key"),
        (f"log {X1}\nquorum none\n", "line 1", "plain Ed25519"),
        (f"log {str(LOG)[:-1]}\nquorum none\n", "line 1", "the key cannot be read"),
        (f"witness {X1}\nquorum none\n", "line 1", "witness <name>"),
        (f"witness a {LOG}\nquorum a\n", "line 1", "cosignature key"),
        (f"witness a {X1}\nwitness b {X1}\nquorum a\n", "line 2", "another witness line has this key"),
        (f"witness a {X1}\nwitness a {X2}\nquorum a\n", "line 2", "taken"),
        (f"witness none {X1}\nquorum none\n", "line 1", "taken"),
        (f"witness a {X1}\ngroup a any a\nquorum a\n", "line 2", "taken"),
        (f"witness a {X1}\ngroup none any a\nquorum none\n", "line 2", "taken"),
        ("group g any none\nquorum g\n", "line 1", "no line before defines 'none'"),
        ("group g any g\nquorum g\n", "line 1", "no line before defines 'g'"),
        ("group g any\nquorum g\n", "line 1", "group <name>"),
        (f"witness a {X1}\ngroup g any a a\nquorum g\n", "line 2", "member of a group already"),
        (f"witness a {X1}\ngroup g any a\ngroup h any a\nquorum g\n", "line 3", "member of a group already"),
        (f"witness a {X1}\ngroup g 0 a\nquorum g\n", "line 2", "from 1 to 1"),
        (f"witness a {X1}\ngroup g 2 a\nquorum g\n", "line 2", "from 1 to 1"),
        (f"witness a {X1}\ngroup g 01 a\nquorum g\n", "line 2", "from 1 to 1"),
        (f"witness a {X1}\ngroup g +1 a\nquorum g\n", "line 2", "from 1 to 1"),
        (f"witness a {X1}\ngroup g ALL a\nquorum g\n", "line 2", "from 1 to 1"),
    ],
)
def test_what_is_no_policy_is_refused_where_it_goes_wrong(text: str, place: str, why: str) -> None:
    with pytest.raises(MalformedPolicy) as caught:
        policy(text)
    assert caught.value.place == place
    assert why in caught.value.why


def test_a_key_that_is_not_utf8_is_refused() -> None:
    with pytest.raises(MalformedPolicy, match="not UTF-8"):
        parse_policy(b"log a\xff+00000000+AAAA\nquorum none\n")


def test_a_policy_has_limits_well_above_what_is_needed() -> None:
    keys = [KnownSigner(f"witness.example/{number}", number % 256).vkey for number in range(MAX_DEFINED)]
    lines = [f"witness w{number} {Vkey(key.name, bytes([number]) * 32, SignatureType.COSIGNATURE)}" for number, key in enumerate(keys)]
    read = policy(
        "".join(f"{line}\n" for line in lines) + f"group g all {' '.join(f'w{number}' for number in range(MAX_DEFINED))}\nquorum g\n"
    )
    assert read.quorum_met(witness.vkey for witness in read.witnesses)
    one_more = f"witness more {Vkey('more.example', bytes(31) + b'x', SignatureType.COSIGNATURE)}"
    with pytest.raises(MalformedPolicy, match=f"more than {MAX_DEFINED} witnesses"):
        policy("".join(f"{line}\n" for line in [*lines, one_more]) + "quorum none\n")
    with pytest.raises(MalformedPolicy, match="longer than"):
        parse_policy(b"#" * MAX_POLICY_SIZE + b"\n")


@given(
    st.binary(max_size=200)
    | st.lists(st.sampled_from([b"log", b"witness", b"group", b"quorum", b"none", b"a", b"any", b" ", b"\n", b"#"])).map(b" ".join)
)
def test_any_bytes_are_a_policy_or_are_refused(content: bytes) -> None:
    try:
        read = parse_policy(content)
    except MalformedPolicy:
        return
    assert read.quorum_met(witness.vkey for witness in read.witnesses)


@given(st.sets(st.sampled_from([X1, X2, X3, Y1, Y2, Y3])))
def test_one_more_cosigner_never_unmakes_a_quorum(cosigners: set[Vkey]) -> None:
    read = policy(TWO_LEVELS)
    if read.quorum_met(cosigners):
        assert all(read.quorum_met(cosigners | {more}) for more in (X1, X2, X3, Y1, Y2, Y3))


def _key(vkey: Vkey) -> bytes:
    return str(vkey).encode()
