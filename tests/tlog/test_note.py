"""Signed notes and verifier keys: the example of C2SP signed-note, a checkpoint found in the wild, and everything that is no note."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import LedgerError, MalformedNote, MalformedVkey
from ledger.tlog.note import MAX_NOTE_SIZE, MAX_SIGNATURES, Note, NoteSignature, parse_note, sign_note, signed_by, verified_by
from ledger.tlog.vkey import SignatureType, Vkey, cosigned_at, parse_vkey, verify_ed25519
from tests.tlog.keys import KnownSigner

EXAMPLE_VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE_NOTE = (
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()

# A certificate log's checkpoint of 2026 with the log's Ed25519 signature and one witness's cosignature.
WILD_LOG = "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"
WILD_WITNESS = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
WILD_CHECKPOINT = """\
arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
""".encode()

TEXT = "ledger.example/p/one\nüber\n\nafter an empty line\n"
ONE, OTHER = KnownSigner("ledger.example/p/one", 1), KnownSigner("ledger.example/p/one", 2)


def test_the_example_of_the_specification_verifies() -> None:
    vkey, note = parse_vkey(EXAMPLE_VKEY), parse_note(EXAMPLE_NOTE)
    assert (vkey.name, vkey.key_id.hex(), vkey.type) == ("example.com/foo", "530d903a", SignatureType.ED25519)
    assert str(vkey) == EXAMPLE_VKEY
    assert note.encode() == EXAMPLE_NOTE
    assert verified_by(note, [vkey]) == (vkey,)
    assert signed_by(note, "example.com/foo", [vkey])


def test_a_checkpoint_from_the_wild_verifies_with_its_cosignature() -> None:
    log, witness, note = parse_vkey(WILD_LOG), parse_vkey(WILD_WITNESS), parse_note(WILD_CHECKPOINT)
    assert str(witness) == WILD_WITNESS
    assert verified_by(note, [witness, log]) == (witness, log)
    assert cosigned_at(note.signatures[1].signature) == 0x6A122120
    assert signed_by(note, log.name, [log, witness])
    assert not signed_by(note, witness.name, [log, witness]), "a cosignature does not say that the log is one's own"
    later = dataclasses.replace(note.signatures[1], signature=b"\0\0\0\0\x6a\x12\x21\x21" + note.signatures[1].signature[8:])
    assert verified_by(dataclasses.replace(note, signatures=(later,)), [witness]) == ()


def test_a_signed_note_is_read_back_and_names_its_signers() -> None:
    note = sign_note(TEXT, [ONE, OTHER])
    assert parse_note(note.encode()) == note
    assert verified_by(note, [OTHER.vkey, ONE.vkey]) == (OTHER.vkey, ONE.vkey)
    assert verified_by(note, [OTHER.vkey]) == (OTHER.vkey,)
    assert sign_note(TEXT, [ONE]).with_signatures(note.signatures) == note


def test_signatures_of_unknown_keys_are_passed_over_also_when_name_or_id_is_known() -> None:
    note = sign_note(TEXT, [ONE])
    strangers = [
        NoteSignature(ONE.vkey.name, b"\0\0\0\0", b"x"),
        NoteSignature("somebody", ONE.vkey.key_id, b"x"),
    ]
    assert verified_by(Note(TEXT, (*strangers, *note.signatures)), [ONE.vkey]) == (ONE.vkey,)
    assert verified_by(note, [OTHER.vkey]) == verified_by(note, []) == ()


def test_one_bad_signature_of_a_known_key_makes_the_note_worthless() -> None:
    note = sign_note(TEXT, [ONE, OTHER])
    bad = NoteSignature(OTHER.vkey.name, OTHER.vkey.key_id, note.signatures[0].signature)
    for damaged in (bad, dataclasses.replace(bad, signature=b"short")):
        assert verified_by(Note(TEXT, (note.signatures[0], damaged)), [ONE.vkey, OTHER.vkey]) == ()
        assert verified_by(Note(TEXT, (*note.signatures, damaged)), [ONE.vkey, OTHER.vkey]) == ()
    assert verified_by(dataclasses.replace(note, text=TEXT + "x\n"), [ONE.vkey]) == ()


def test_a_cosignature_covers_its_time() -> None:
    vkey, signature = ONE.cosign(TEXT, 1_700_000_000)
    assert parse_vkey(str(vkey)) == vkey
    assert verified_by(Note(TEXT, (signature,)), [vkey]) == (vkey,)
    assert verified_by(Note(TEXT, (signature,)), [ONE.vkey]) == ()
    assert cosigned_at(signature.signature) == 1_700_000_000
    beyond_vkey, beyond = ONE.cosign(TEXT, 2**63)
    assert verified_by(Note(TEXT, (beyond,)), [beyond_vkey]) == ()


@pytest.mark.parametrize(
    ("find", "replacement"),
    [
        (b"\n\n", b"\n"),
        ("— ".encode(), b"- "),
        ("— ".encode(), "—".encode()),
        ("— ".encode(), "—  ".encode()),
        (b"foo Uw", b"foo  Uw"),
        (b"foo Uw", b"fo+o Uw"),
        (b"foo Uw", "fo\u2003o Uw".encode()),
        (b"foo Uw", b"foo\tUw"),
        (b"example.com/foo ", b" "),
        (b"aQM=\n", b"aQM=" + b"\n\n"),
        (b"aQM=\n", b"aQM="),
        (b"aQM=\n", b"aQM= \n"),
        (b"aQM=\n", b"aQM=\r\n"),
        (b"aQM=\n", b"aQM\n"),
        (b"aQM=\n", b"aQN=\n"),
        (b"aQM=\n", b"aQM==\n"),
        (b"aQM=\n", b"aQM=\n\xff\n"),
        (b"Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=", b"Uw2QOg=="),
        (b"an example", b"an\x07example"),
        (b"an example", b"an\x00example"),
    ],
)
def test_what_is_not_written_as_a_note_is_refused(find: bytes, replacement: bytes) -> None:
    assert find in EXAMPLE_NOTE
    with pytest.raises(MalformedNote) as raised:
        parse_note(EXAMPLE_NOTE.replace(find, replacement, 1))
    assert raised.value.place in str(raised.value)


def test_the_line_of_the_trouble_is_named() -> None:
    note = sign_note(TEXT, [ONE, OTHER]).encode()
    with pytest.raises(MalformedNote) as raised:
        parse_note(note[:-2] + b"?\n")
    assert raised.value.place == "line 7"
    with pytest.raises(MalformedNote) as raised:
        parse_note(note.replace(b"after", b"\tafter"))
    assert raised.value.place == "line 4"


def test_size_and_number_of_signatures_are_bounded() -> None:
    line = NoteSignature("a", b"1234", b"5")
    assert len(parse_note(Note("t\n", (line,) * MAX_SIGNATURES).encode()).signatures) == MAX_SIGNATURES
    with pytest.raises(MalformedNote):
        parse_note(Note("t\n", (line,) * (MAX_SIGNATURES + 1)).encode())
    with pytest.raises(MalformedNote):
        parse_note(Note("t" * MAX_NOTE_SIZE + "\n", (line,)).encode())


@pytest.mark.parametrize("text", ["", "no line end", "a\ttab\n", "a\rreturn\n", "a \ud800 surrogate\n", "\0\n"])
def test_no_text_is_signed_that_no_reader_takes(text: str) -> None:
    with pytest.raises(MalformedNote):
        sign_note(text, [ONE])


texts = st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.just("\n")).map(lambda text: text + "\n")


@given(texts)
def test_any_text_survives(text: str) -> None:
    note = sign_note(text, [ONE])
    assert parse_note(note.encode()) == note
    assert verified_by(note, [ONE.vkey]) == (ONE.vkey,)


@given(st.data())
def test_a_damaged_note_is_refused_or_does_not_verify(data: st.DataObject) -> None:
    whole = sign_note(TEXT, [ONE, OTHER]).encode()
    damaged = bytearray(whole)
    damaged[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        note = parse_note(bytes(damaged))
    except MalformedNote:
        return
    assert note.encode() == damaged
    assert len(verified_by(note, [ONE.vkey, OTHER.vkey])) < 2


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_arbitrary_bytes_raise_only_errors_of_the_ledger(data: bytes) -> None:
    for read in (parse_note, lambda noise: parse_vkey(noise.decode("utf-8", "surrogateescape"))):
        try:
            read(data)
        except LedgerError as error:
            assert str(error)


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "++",
        EXAMPLE_VKEY.replace("foo", "fop"),
        EXAMPLE_VKEY.replace("foo", "f oo"),
        EXAMPLE_VKEY.replace("530d903a", "530D903A"),
        EXAMPLE_VKEY.replace("530d903a", "530d903b"),
        EXAMPLE_VKEY.replace("530d903a", "0530d903a"),
        EXAMPLE_VKEY.replace("530d903a+", "530d903a"),
        EXAMPLE_VKEY[:-1],
        EXAMPLE_VKEY[:-4],
        EXAMPLE_VKEY + "\n",
        EXAMPLE_VKEY[:-1] + "é",
        EXAMPLE_VKEY.replace("+Aek", "+Aük"),
        EXAMPLE_VKEY.replace("+Aek", "+Bek"),
        EXAMPLE_VKEY.replace("+Aek", "+Auk"),
        "\ud800" + EXAMPLE_VKEY,
    ],
)
def test_a_mistyped_vkey_is_refused(vkey: str) -> None:
    with pytest.raises(MalformedVkey):
        parse_vkey(vkey)


def test_a_key_type_that_is_not_read_is_named() -> None:
    with pytest.raises(MalformedVkey, match="type 06"):
        parse_vkey("a+00000000+BgAAAA==")


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\nb", "\x7f\x85", "\udfff"])
def test_a_key_that_no_signature_line_could_name_is_refused(name: str) -> None:
    with pytest.raises(MalformedVkey):
        Vkey(name, ONE.vkey.public_key)


def test_keys_and_signatures_of_wrong_length_verify_nothing() -> None:
    with pytest.raises(MalformedVkey):
        Vkey("name", b"short")
    signature = ONE.sign(b"message")
    assert verify_ed25519(ONE.vkey.public_key, signature, b"message")
    assert not verify_ed25519(ONE.vkey.public_key[:-1], signature, b"message")
    assert not verify_ed25519(ONE.vkey.public_key, signature + b"\0", b"message")
    assert not verify_ed25519(ONE.vkey.public_key, signature, b"massage")
