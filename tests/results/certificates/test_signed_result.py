"""Signed results: what a certificate's QR says can be checked by anybody, and changed by nobody."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from results.certificates.signed_result import SignedResult, claim_url, read_claim
from tests.builders import RACE
from timing.log.checkpoint import BadNote, Checkpoint, Signer
from timing.race.instants import Span


def signer_of_race(race: str = RACE, secret: bytes = b"1" * 32) -> Signer:
    return Signer(f"marathon-{race}", Ed25519PrivateKey.from_private_bytes(secret))


SIGNER = signer_of_race()
CLAIM = SignedResult(2, 417, Span(1_013_000_500), Span(1_024_000_000), 12)
TEXT = claim_url("gv.test", CLAIM, SIGNER)
times = st.none() | st.integers(-(10**10), 10**11).map(Span)
claims = st.builds(
    SignedResult, st.integers(1, 999), st.integers(1, 999_999), times, times, st.none() | st.integers(1, 10**6)
)


@given(claims)
def test_what_was_signed_is_read_back_exactly(claim: SignedResult) -> None:
    assert read_claim(claim_url("GV.TEST", claim, SIGNER), SIGNER.verifier) == claim


def test_the_text_says_the_result_to_the_eye_and_names_nobody() -> None:
    assert TEXT.startswith("HTTPS://GV.TEST/V/2/417/1013000.5/1024000/12/")


def test_the_text_keeps_to_the_compact_letters_of_a_qr() -> None:
    assert set(TEXT) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


@pytest.mark.parametrize("asked", [TEXT.lower(), TEXT.partition("GV.TEST")[2], TEXT.partition("/V/")[2], f" {TEXT}\n"])
def test_it_is_read_however_a_phone_passes_it_on(asked: str) -> None:
    assert read_claim(asked, SIGNER.verifier) == CLAIM


@given(st.integers(0, len(TEXT) - 1), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_no_character_behind_the_address_can_be_changed(at: int, instead: str) -> None:
    at = max(at, TEXT.index("/V/") + 3)
    if TEXT[at] == instead:
        return
    with pytest.raises(BadNote):
        read_claim(TEXT[:at] + instead + TEXT[at + 1 :], SIGNER.verifier)


@pytest.mark.parametrize(
    "text", ["", "HTTPS://GV.TEST/B/7K3MXQ2WABH", TEXT[:-1], TEXT + "0", TEXT.replace("/V/", "/B/")]
)
def test_what_is_no_signed_result_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        read_claim(text, SIGNER.verifier)


def test_another_race_did_not_sign_it_even_with_the_same_key() -> None:
    for stranger in (signer_of_race("00000000000f2027"), signer_of_race(secret=b"2" * 32)):
        with pytest.raises(BadNote):
            read_claim(TEXT, stranger.verifier)


def test_a_broken_verifier_verifies_nothing() -> None:
    with pytest.raises(BadNote):
        read_claim(TEXT, "marathon")


def test_no_checkpoint_is_ever_a_result() -> None:
    note = SIGNER.sign(Checkpoint(f"marathon/{RACE}", 417, b"\0" * 32))
    with pytest.raises(BadNote):
        read_claim(note, SIGNER.verifier)
