"""Directives outside the rakor and what does not go as planned with them. All of it is invented."""

from datetime import timedelta

from coordination.actions import obligations, standing
from coordination.actions.directives import Due, Share
from coordination.enums import Binding, DirectiveKind, DueKind, Priority
from coordination.models import Directive, Obligation
from portal.access.actor import Actor
from portal.home.demo.story import agency, when
from portal.registry.models import Stage, Unit

GUARD = "Pengamanan gudang logistik KPU kabupaten/kota"
DATA = "Pemutakhiran daftar kontak posko"
CALM = "Pembersihan alat peraga pada masa tenang"


def load(people: dict[str, Actor]) -> None:
    """Tell it once; a second call finds it told."""
    if Directive.objects.filter(title=GUARD).exists():
        return
    guard(people)
    contacts(people)
    calm(people)


def guard(people: dict[str, Actor]) -> None:
    """An order that the agency passes on to all its units; one of them has begun."""
    by, liaison = people["koordinator"], people["liaison.polda"]
    directive = standing.issue_directive_alone(
        by=by,
        at=when("2024-11-13T09:00"),
        title=GUARD,
        text="Siapkan pengamanan gudang logistik di setiap kabupaten/kota selama 24 jam.",
        ground="Surat permintaan pengamanan gudang logistik dari KPU Provinsi (ilustrasi).",
        kind=DirectiveKind.ORDER,
        binding=Binding.ORDER,
        priority=Priority.URGENT,
        output="Rencana dan daftar regu pengamanan tiap gudang",
        evidence="Surat perintah dan foto penjagaan",
        due=Due(kind=DueKind.WORKING_DAYS, days=8),
        shares=[Share(agency("polda"))],
        illustrative=True,
    )
    whole = directive.obligations.get()
    below = Unit.objects.filter(parent__slug="polda-kalsel").select_related("seat")
    passed_on = standing.delegate_obligation(
        whole,
        by=liaison,
        at=when("2024-11-13T13:00"),
        title="Jaga gudang logistik di wilayah masing-masing",
        text="Tempatkan satu regu di gudang KPU dan laporkan setiap pergantian jaga.",
        units=list(below.order_by("path")),
        due_at=whole.due_at - timedelta(days=1),
        output="Surat perintah dan jadwal jaga",
    )
    part = passed_on.obligations.get(unit__slug="polres-banjar")
    obligations.report_progress(
        part,
        by=people["posko.banjar"],
        at=when("2024-11-14T10:00"),
        percent=60,
        note="Regu ditunjuk; jadwal jaga berlaku mulai 15 November.",
    )


def contacts(people: dict[str, Actor]) -> None:
    """A request: one waits for another, one asks for more time, one says that it cannot."""
    directive = standing.issue_directive_alone(
        by=people["koordinator"],
        at=when("2024-11-12T09:00"),
        title=DATA,
        text="Perbarui nama, jabatan, dan nomor siaga posko tiap instansi.",
        ground="Hasil pemeriksaan jalur komunikasi 11 November 2024 (ilustrasi).",
        output="Daftar kontak yang diperbarui",
        shares=[
            Share(agency(name), when("2024-11-21T16:00"))
            for name in ("kpu", "bawaslu", "kejati", "kesbangpol")
        ],
        illustrative=True,
    )

    def share(name: str) -> Obligation:
        return directive.obligations.get(agency=agency(name))

    obligations.wait_for_obligation(
        share("bawaslu"),
        share("kpu"),
        by=people["liaison.bawaslu"],
        at=when("2024-11-13T10:00"),
        note="Perlu daftar PPK yang baru.",
    )
    obligations.ask_extension(
        share("kesbangpol"),
        by=people["liaison.kesbangpol"],
        at=when("2024-11-18T11:00"),
        reason="Dua kabupaten belum mengirim datanya.",
        wished_due_at=when("2024-11-25T16:00"),
    )
    obligations.declare_unfeasible(
        share("kejati"),
        by=people["liaison.kejati"],
        at=when("2024-11-18T15:00"),
        reason="Kejaksaan tidak membuka posko; piket sudah tercatat pada arahan sebelumnya.",
    )


def calm(people: dict[str, Actor]) -> None:
    """An agreement whose due time follows a stage of the calendar."""
    stage = Stage.objects.filter(key="quiet").order_by("-starts_at").first()
    if stage is None:
        return
    standing.issue_directive_alone(
        by=people["koordinator"],
        at=when("2024-11-18T16:00"),
        title=CALM,
        text="Bersihkan alat peraga kampanye yang tersisa bersama Satpol PP dan pengawas.",
        ground="Kesepakatan antarinstansi menjelang masa tenang (ilustrasi).",
        kind=DirectiveKind.AGREEMENT,
        binding=Binding.AGREEMENT,
        due=Due(kind=DueKind.STAGE, stage=stage, offset=1),
        shares=[Share(agency("bawaslu"), is_lead=True), Share(agency("pemprov"))],
        illustrative=True,
    )
