"""The offices that sign in to the demo. Offices, not persons: no name belongs to anybody."""

from dataclasses import dataclass
from datetime import datetime

from portal import clock
from portal.access.actor import SYSTEM, Actor
from portal.access.classification import Classification
from portal.accounts import actions
from portal.accounts.enums import Role
from portal.accounts.models import Post, Tenure, User
from portal.registry.models import Region, Unit
from portal.web.demo import PASSWORD

SINCE = datetime(2024, 5, 1, 8, tzinfo=clock.WITA)


@dataclass(frozen=True)
class Office:
    """One demo account: `login` is the part of the e-mail before @demo.test."""

    login: str
    title: str
    unit: str
    role: Role
    region: str = ""
    clearance: Classification = Classification.TERBATAS


OFFICES = (
    Office(
        "koordinator",
        "Karo Ops Polda Kalsel (Karendalopsda)",
        "polda-kalsel",
        Role.COORDINATOR,
        "63",
        Classification.RAHASIA,
    ),
    Office(
        "pimpinan",
        "Kapolda Kalsel (Kaopsda)",
        "polda-kalsel",
        Role.COMMANDER,
        "63",
        Classification.RAHASIA,
    ),
    Office(
        "auditor",
        "Irwasda Polda Kalsel",
        "polda-kalsel",
        Role.AUDITOR,
        "63",
        Classification.RAHASIA,
    ),
    Office("admin", "Kabid TIK Polda Kalsel", "polda-kalsel", Role.ADMINISTRATOR, "63"),
    Office("liaison.polda", "Penghubung Polda Kalsel", "polda-kalsel", Role.LIAISON, "63"),
    Office("liaison.korem", "Penghubung Korem 101/Antasari", "korem-101", Role.LIAISON, "63"),
    Office("liaison.kpu", "Penghubung KPU Provinsi Kalsel", "kpu-kalsel", Role.LIAISON, "63"),
    Office("liaison.bawaslu", "Penghubung Bawaslu Kalsel", "bawaslu-kalsel", Role.LIAISON, "63"),
    Office("liaison.kejati", "Penghubung Kejati Kalsel", "kejati-kalsel", Role.LIAISON, "63"),
    Office("liaison.binda", "Penghubung Binda Kalsel", "binda-kalsel", Role.LIAISON, "63"),
    Office(
        "liaison.kesbangpol",
        "Penghubung Kesbangpol Kalsel",
        "kesbangpol-kalsel",
        Role.LIAISON,
        "63",
    ),
    Office("liaison.pemprov", "Penghubung Pemprov Kalsel", "pemprov-kalsel", Role.LIAISON, "63"),
    Office("liaison.dprd", "Penghubung DPRD Kalsel", "dprd-kalsel", Role.LIAISON, "63"),
    Office(
        "gakkumdu.bawaslu",
        "Anggota Sentra Gakkumdu unsur Bawaslu",
        "bawaslu-kalsel",
        Role.GAKKUMDU,
        "63",
    ),
    Office(
        "gakkumdu.polda",
        "Anggota Sentra Gakkumdu unsur Polda",
        "polda-kalsel",
        Role.GAKKUMDU,
        "63",
    ),
    Office(
        "gakkumdu.kejati",
        "Anggota Sentra Gakkumdu unsur Kejati",
        "kejati-kalsel",
        Role.GAKKUMDU,
        "63",
    ),
    Office(
        "posko.banjar",
        "Operator Posko Ops Polres Banjar",
        "polres-banjar",
        Role.POSKO_OPERATOR,
        "63.03",
    ),
    Office(
        "kodim.1006",
        "Operator Posko Kodim 1006/Banjar",
        "kodim-1006",
        Role.POSKO_OPERATOR,
        "63.03",
    ),
)


def _duty(
    login: str,
    title: str,
    unit: str,
    region: str = "",
    clearance: Classification = Classification.TERBATAS,
) -> Office:
    return Office(f"piket.{login}", title, unit, Role.POSKO_OPERATOR, region, clearance)


def _head(login: str, title: str, unit: str) -> Office:
    return Office(f"pimpinan.{login}", title, unit, Role.COMMANDER)


# Whom the rungs of the ladders speak to besides the liaisons: each agency's duty desk and head. The
# Kapolda stands above; heads of other agencies have no region, so they see their own agency's only.
LADDER_OFFICES = (
    _duty("polda", "Piket Posko Ops Polda Kalsel", "polda-kalsel", "63"),
    _duty("korem", "Piket Posko Korem 101/Antasari", "korem-101"),
    _head("korem", "Danrem 101/Antasari", "korem-101"),
    _duty("kpu", "Piket Posko KPU Provinsi Kalsel", "kpu-kalsel"),
    _head("kpu", "Ketua KPU Provinsi Kalsel", "kpu-kalsel"),
    # It makes an incident, as secret, of a complaint that was sent as confidential.
    _duty(
        "bawaslu",
        "Piket Pengaduan Bawaslu Kalsel",
        "bawaslu-kalsel",
        clearance=Classification.RAHASIA,
    ),
    _head("bawaslu", "Ketua Bawaslu Kalsel", "bawaslu-kalsel"),
    _duty("kejati", "Piket Posko Pemilu Kejati Kalsel", "kejati-kalsel"),
    _head("kejati", "Kepala Kejati Kalsel", "kejati-kalsel"),
    _duty("binda", "Piket Posko Binda Kalsel", "binda-kalsel"),
    _head("binda", "Kabinda Kalsel", "binda-kalsel"),
    _duty("kesbangpol", "Piket Desk Pilkada Kesbangpol Kalsel", "kesbangpol-kalsel"),
    _head("kesbangpol", "Kepala Badan Kesbangpol Kalsel", "kesbangpol-kalsel"),
    _duty("pemprov", "Piket Pusdalops Pemprov Kalsel", "pemprov-kalsel"),
    _head("pemprov", "Sekretaris Daerah Provinsi Kalsel", "pemprov-kalsel"),
    _duty("dprd", "Piket Sekretariat DPRD Kalsel", "dprd-kalsel"),
    _head("dprd", "Sekretaris DPRD Kalsel", "dprd-kalsel"),
)


def load() -> dict[str, Actor]:
    """Create the offices that are missing; returns each one's actor by login."""
    return {office.login: actor_of(office) for office in OFFICES + LADDER_OFFICES}


def actor_of(office: Office) -> Actor:
    """The office's actor; its post, user and tenure are made when missing."""
    slug = office.login.replace(".", "-")
    post = Post.objects.filter(slug=slug).first() or actions.create_post(
        slug=slug,
        title=office.title,
        unit=Unit.objects.get(slug=office.unit),
        roles=[office.role.value],
        clearance=office.clearance,
        region=Region.objects.get(code=office.region) if office.region else None,
        by=SYSTEM,
        at=SINCE,
    )
    email = f"{office.login}@demo.test"
    user = User.objects.filter(email=email).first() or actions.create_user(
        email=email, name=office.title, password=PASSWORD, by=SYSTEM, at=SINCE
    )
    tenures = Tenure.objects.select_related("post__unit__agency")
    tenure = tenures.filter(user=user, post=post).first()
    if tenure is None:
        actions.appoint(user, post, by=SYSTEM, at=SINCE, starts_at=SINCE, basis="Data ilustrasi")
        tenure = tenures.get(user=user, post=post)
    return Actor.of(tenure)
