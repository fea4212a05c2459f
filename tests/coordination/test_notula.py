import io
from datetime import timedelta

import pypdf
import pytest

from coordination import exports
from coordination.actions import directives, minutes
from coordination.models import Minutes
from portal.documents.typst import render
from tests.factories.coordination import (
    START,
    agencies,
    make_directive,
    make_minutes,
    publish,
)


def pages(pdf: bytes) -> list[str]:
    return [
        " ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages
    ]


@pytest.fixture
def published(coordinator, liaison_kpu):
    draft = make_minutes(coordinator, "kpu-kalsel", "korem-101", source="Berita", illustrative=True)
    make_directive(draft, coordinator, "kpu-kalsel", "korem-101", output="Jadwal")
    make_directive(
        draft,
        coordinator,
        title="Tanpa penanggung jawab",
        shares=[
            directives.Share(agency, START + timedelta(days=5))
            for agency in agencies("kpu-kalsel", "korem-101")
        ],
    )
    return publish(draft, by=coordinator, at=START + timedelta(days=1))


def test_the_notula_has_head_body_foot_and_annexes(published):
    sheets = pages(render("notula.typ", exports.notula(published), at=published.published_at))
    text = " ".join(sheets)
    for part in (
        "KEPOLISIAN DAERAH KALIMANTAN SELATAN",
        published.number,
        "Kamis, 6 Juni 2024",
        "10.00–12.00 WITA",
        "Surat undangan",
        "T/1/VI/OPS.1./2024/Roops",
        "Rapat dibuka pimpinan.",
        "ARH/1/VI/2024",
        published.sha256,
        "Lampiran I. Daftar hadir",
        "Lampiran II. Matriks tindak lanjut",
        "Data ilustrasi",
        "Sumber: Berita",
    ):
        assert part in text
    for number, sheet in enumerate(sheets, start=1):
        assert sheet.count("TERBATAS") == 2
        assert f"Halaman {number} dari {len(sheets)}" in sheet


def test_a_draft_says_that_it_is_one(coordinator, liaison_kpu):
    draft = make_minutes(coordinator, "kpu-kalsel")
    text = " ".join(pages(render("notula.typ", exports.notula(draft, []))))
    assert "DRAF" in text and "SHA-256" not in text


def test_the_matrix_names_who_leads_and_who_supports(published):
    rows = exports.notula(published)["matrix"]
    assert [row[3:5] for row in rows] == [
        ["Korem 101", "KPU Kalsel"],
        ["Korem 101, KPU Kalsel", "–"],
    ]


def test_the_hash_is_over_the_text_and_nothing_else(published):
    again = Minutes.objects.select_related("meeting__host_agency").get(pk=published.pk)
    assert minutes.fingerprint(again) == published.sha256
    again.opening += "."
    assert minutes.fingerprint(again) != published.sha256
