"""A special report of a flood, and a shift that waits to be taken over. All invented."""

from collections.abc import Mapping
from datetime import datetime

from incidents.actions.shifts import write_handover
from incidents.actions.special_reports import issue_special_report
from incidents.models import Incident, ShiftHandover, SpecialReport
from portal import clock
from portal.access.actor import SYSTEM, Actor
from portal.accounts import actions
from portal.accounts.models import Post, Tenure, User
from portal.home.demo.people import SINCE
from portal.web.demo import PASSWORD

FLOOD = "Banjir memutus jalan ke beberapa desa"
REPORTED = datetime(2024, 11, 11, 18, 30, tzinfo=clock.WITA)
LEFT = datetime(2024, 11, 20, 7, 50, tzinfo=clock.WITA)
RELIEF = "posko2.banjar@demo.test"


def load(people: Mapping[str, Actor]) -> None:
    """Everything once."""
    flood = Incident.objects.filter(illustrative=True, title=FLOOD).first()
    if flood is not None and not SpecialReport.objects.filter(incident=flood).exists():
        issue_special_report(
            flood,
            situation="Air bertahan setinggi lutut; penyeberangan dengan perahu karet berjalan.",
            plan="Perahu siaga sampai air surut. Empat calon lokasi TPS ditinjau ulang KPU.",
            by=people["koordinator"],
            at=REPORTED,
        )
    officer = people["posko.banjar"]
    _relief(Post.objects.get(pk=officer.post_id))
    if not ShiftHandover.objects.filter(illustrative=True).exists():
        write_handover(
            to=Post.objects.get(pk=officer.post_id),
            notes="Petugas di Aluh-Aluh dihubungi tiap dua jam. Tunggu kabar genset Paramasan.",
            equipment="2 radio genggam (satu baterai lemah), kunci gudang, mobil patroli 03.",
            illustrative=True,
            by=officer,
            at=LEFT,
        )


def _relief(post: Post) -> None:
    """A second person who holds the same post, and takes over from the first."""
    user = User.objects.filter(email=RELIEF).first()
    if user is None:
        user = actions.create_user(
            email=RELIEF, name="Petugas piket kedua", password=PASSWORD, by=SYSTEM, at=SINCE
        )
    if not Tenure.objects.filter(user=user, post=post).exists():
        actions.appoint(user, post, starts_at=SINCE, by=SYSTEM, at=SINCE)
