"""Printed certificates: read back from the paper and from the picture."""

import io
from dataclasses import replace

import numpy as np
import pypdfium2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image

from bibs.design.symbol import note_modules
from bibs.drawing.certificate_sheet import (
    PHONE_PX,
    QR,
    NotReadable,
    certificate_pictures,
    draw_certificates,
    prove_certificates,
)
from results.certificates.signed_result import SignedResult, claim_url
from scanners.reading.decoder import decode_texts, every_text
from tests.builders import RACE
from timing.language import pair
from timing.log.checkpoint import Signer
from timing.printed.certificates import Certificate, Figure
from timing.race.instants import Span

SIGNER = Signer(f"marathon-{RACE}", Ed25519PrivateKey.from_private_bytes(b"1" * 32))
LONG_FIRM = "주식회사 대한민국디지털산업단지공동연구개발협력센터부설기술지원본부서울지사"
LATIN_FIRM = "Guro Advanced Semiconductor Packaging & Testing Holdings Co., Ltd. (Korea)"


def signed(bib: int, host: str = "GV.TEST") -> str:
    return claim_url(host, SignedResult(2, bib, Span(1_013_000_500), Span(1_024_000_123), 12), SIGNER)


def certificate(bib: int = 417, name: str = "김하늘", **more: object) -> Certificate:
    one = Certificate(
        serial=pair(f"제 2-{bib:04} 호", f"No. 2-{bib:04}"),
        race=pair("제20회 G밸리 스마트 마라톤", "G Valley Smart Marathon"),
        title=pair("기록증", "Certificate of Finish"),
        warning=pair("", ""),
        bib=bib,
        name=name,
        company="가산정밀",
        team="개발팀",
        course="4.5 km",
        label=pair("기록 · 넷타임", "Net time"),
        headline="16:54",
        figures=(Figure(pair("순위", "Place"), "12", "/ 2,417명"), Figure(pair("건타임", "Gun time"), "17:05")),
        sentence=pair("위 사람은 코스를 완주하였기에 이 기록증을 드립니다.", "The runner named above has finished."),
        date=pair("2026년 9월 3일", "3 September 2026"),
        organiser="G밸리 마라톤 조직위원회",
        notes=(pair("확정 기록 2판", "Official results, edition 2"), pair("비공인 기록", "uncertified")),
        signed=signed(bib),
    )
    return replace(one, **more)  # type: ignore[arg-type]


def words(data: bytes) -> list[str]:
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(io.BytesIO(data))]


def test_everything_a_certificate_must_say_is_on_the_paper() -> None:
    (text,) = words(draw_certificates([certificate()]))
    for said in (
        *(
            "제20회 G밸리 스마트 마라톤",
            "김하늘",
            "가산정밀",
            "417",
            "4.5 km",
            "16:54",
            "17:05",
            "2,417명",
            "비공인 기록",
        ),
        *("2026년 9월 3일", "G밸리 마라톤 조직위원회", "확정 기록 2판", "제 2-0417 호"),
    ):
        assert said in text


@pytest.mark.parametrize(
    "name",
    [
        "김",
        "金秀漢",
        "Maximiliana Konstantinopoulos-Featherstonehaugh",
        "가나다라마바사아자차카타파하" * 3,
        "=cmd()",
        "</b>",
    ],
)
@pytest.mark.parametrize("firm", ["", LONG_FIRM, LATIN_FIRM])
def test_a_name_and_a_firm_of_any_length_are_printed_whole_and_inside_the_frame(name: str, firm: str) -> None:
    data = draw_certificates([certificate(name=name, company=firm)])
    (text,) = words(data)
    for whole in (name, firm):
        assert "".join(whole.split()) in "".join(
            text.replace("\x02", "-").split()
        )  # pdfium's sign for a hyphen at the end
    page = pypdfium2.PdfDocument(data)[0].get_textpage()
    edges = [page.get_charbox(at) for at in range(page.count_chars())]
    assert min(left for left, _, right, _ in edges if right > left) > 13.5 * 72 / 25.4
    assert max(right for left, _, right, _ in edges if right > left) < (210 - 13.5) * 72 / 25.4


def test_every_page_bears_its_own_signed_result() -> None:
    people = [certificate(bib) for bib in (1, 417, 99999)]
    data = draw_certificates(people)
    prove_certificates(data, people, decode_texts)
    with pytest.raises(NotReadable):
        prove_certificates(data, [people[1], people[0], people[2]], decode_texts)


@pytest.mark.parametrize("host", ["GV.TEST", "RACE." + "A" * 50 + ".TEST"])
def test_a_module_of_the_code_is_at_least_six_tenths_of_a_millimetre(host: str) -> None:
    assert QR / len(note_modules(signed(99_999, host))) >= 0.6


def test_a_picture_for_the_phone_is_read_too() -> None:
    (picture,) = certificate_pictures([certificate()])
    image = Image.open(io.BytesIO(picture))
    assert image.size == (PHONE_PX, PHONE_PX * 5 // 4)
    assert every_text(np.asarray(image.convert("L"))) == [signed(417)]


def test_a_provisional_one_says_so_where_nobody_misses_it() -> None:
    (text,) = words(draw_certificates([certificate(warning=pair("잠정: 확정되지 않은 기록", "Provisional"))]))
    assert "잠정: 확정되지 않은 기록" in text


def test_one_of_participation_shows_the_course_and_no_figures() -> None:
    one = certificate(label=pair("참가 코스", "Course entered"), headline="4.5 km", course="", figures=())
    assert "4.5 km" in words(draw_certificates([one]))[0]
    assert draw_certificates([replace(one, headline="")])


def test_the_same_certificates_make_the_same_bytes_and_tell_how_far_they_are() -> None:
    drawn: list[int] = []
    people = [certificate(bib) for bib in range(1, 4)]
    assert draw_certificates(people, lambda: drawn.append(1)) == draw_certificates(people)
    assert len(drawn) == 3
