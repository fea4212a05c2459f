"""The menu: every place a person can go from anywhere, and who may see it there."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.access.permissions import Permission
from portal.access.policy import may


@dataclass(frozen=True)
class NavItem:
    """A link of the menu. `pinned`: its short name in the bar at the foot of a phone."""

    label: str | Promise
    url_name: str
    icon: str
    permission: Permission
    group: str | Promise = ""
    pinned: str | Promise = ""
    demo_only: bool = False


@dataclass(frozen=True)
class NavLink:
    """An item as shown to one person on one page."""

    label: str | Promise
    url: str
    icon: str
    current: bool
    short: str | Promise


@dataclass(frozen=True)
class NavGroup:
    label: str | Promise
    links: list[NavLink]


COORDINATION = _("Koordinasi")
FORCES = _("Gelar pasukan")
EVENTS = _("Kejadian")
REFERENCE = _("Rujukan")
OVERSIGHT = _("Pengawasan")
DEMO = _("Demo")

ITEMS = [
    NavItem(
        _("Beranda"), "home:dashboard", "house", Permission.DASHBOARD_VIEW, pinned=_("Beranda")
    ),
    NavItem(_("Tugas saya"), "home:work", "inboxes", Permission.DASHBOARD_VIEW, pinned=_("Tugas")),
    NavItem(
        _("Rakor"), "coordination:meeting_list", "people", Permission.MEETING_VIEW, COORDINATION
    ),
    NavItem(
        _("Arahan"),
        "coordination:directive_list",
        "megaphone",
        Permission.DIRECTIVE_VIEW,
        COORDINATION,
    ),
    NavItem(
        _("Tindak lanjut"),
        "coordination:obligation_list",
        "list-check",
        Permission.OBLIGATION_VIEW,
        COORDINATION,
    ),
    NavItem(
        _("Kinerja tindak lanjut"),
        "coordination:score_table",
        "speedometer2",
        Permission.OBLIGATION_VIEW,
        COORDINATION,
    ),
    NavItem(
        _("Bahan evaluasi"),
        "coordination:lesson_list",
        "lightbulb",
        Permission.LESSON_VIEW,
        COORDINATION,
    ),
    NavItem(_("Kalender"), "home:calendar", "calendar3", Permission.CALENDAR_VIEW, COORDINATION),
    NavItem(
        _("Peta"), "deployments:map", "map", Permission.DEPLOYMENT_VIEW, FORCES, pinned=_("Peta")
    ),
    NavItem(
        _("Kuat personel"), "deployments:strength", "bar-chart", Permission.DEPLOYMENT_VIEW, FORCES
    ),
    NavItem(
        _("Kebutuhan PAM TPS"),
        "deployments:need",
        "shield",
        Permission.DEPLOYMENT_VIEW,
        FORCES,
    ),
    NavItem(
        _("Penebalan"),
        "deployments:reinforcement_list",
        "person-plus",
        Permission.DEPLOYMENT_VIEW,
        FORCES,
    ),
    NavItem(_("TPS"), "deployments:station_list", "geo-alt", Permission.DEPLOYMENT_VIEW, FORCES),
    NavItem(
        _("Laporan kesiapan"),
        "deployments:readiness_list",
        "clipboard-check",
        Permission.READINESS_VIEW,
        FORCES,
        pinned=_("Kesiapan"),
    ),
    NavItem(
        _("Rekapitulasi kesiapan"), "deployments:recap", "layers", Permission.ROLLUP_VIEW, FORCES
    ),
    NavItem(
        _("Kegiatan kesiapan"),
        "deployments:event_list",
        "flag",
        Permission.EVENT_VIEW,
        FORCES,
    ),
    NavItem(_("Impor"), "imports:job_list", "upload", Permission.IMPORT_CREATE, FORCES),
    NavItem(
        _("Laporan lapangan"),
        "incidents:field_report_list",
        "inbox",
        Permission.INCIDENT_VIEW,
        EVENTS,
    ),
    NavItem(
        _("Kejadian"),
        "incidents:incident_list",
        "exclamation-triangle",
        Permission.INCIDENT_VIEW,
        EVENTS,
    ),
    NavItem(
        _("Peringatan dini"),
        "incidents:warning_list",
        "bell",
        Permission.INCIDENT_VIEW,
        EVENTS,
    ),
    NavItem(
        _("Laporan warga"),
        "incidents:public_queue",
        "chat-left-text",
        Permission.PUBLIC_REPORT_TRIAGE,
        EVENTS,
    ),
    NavItem(
        _("Sentra Gakkumdu"),
        "incidents:case_list",
        "bank",
        Permission.GAKKUMDU_VIEW,
        EVENTS,
    ),
    NavItem(
        pgettext_lazy("daftar", "Instansi"),
        "registry:agency_list",
        "building",
        Permission.REGISTRY_VIEW,
        REFERENCE,
    ),
    NavItem(_("Wilayah"), "registry:region_list", "geo-alt", Permission.REGISTRY_VIEW, REFERENCE),
    NavItem(
        pgettext_lazy("daftar", "Tempat"),
        "registry:place_list",
        "pin-map",
        Permission.REGISTRY_VIEW,
        REFERENCE,
    ),
    NavItem(
        _("Hari libur"), "registry:holiday_list", "calendar3", Permission.REGISTRY_VIEW, REFERENCE
    ),
    NavItem(
        _("Pengguna"), "accounts:people", "person-lines-fill", Permission.PEOPLE_VIEW, OVERSIGHT
    ),
    NavItem(
        _("Tangga pengingat"),
        "coordination:ladder_list",
        "alarm",
        Permission.LADDER_EDIT,
        OVERSIGHT,
    ),
    NavItem(
        _("Formulir kesiapan"),
        "deployments:form_list",
        "ui-checks",
        Permission.FORM_EDIT,
        OVERSIGHT,
    ),
    NavItem(
        _("Batas waktu Gakkumdu"),
        "incidents:clock_list",
        "hourglass-split",
        Permission.GAKKUMDU_EDIT,
        OVERSIGHT,
    ),
    NavItem(_("Jejak audit"), "audit:trail", "shield-check", Permission.AUDIT_VIEW, OVERSIGHT),
    NavItem(
        _("Surat terkirim"),
        "notifications:demo_mail",
        "envelope-open",
        Permission.NOTIFICATION_VIEW,
        DEMO,
        demo_only=True,
    ),
    NavItem(_("Komponen"), "web:ui", "grid", Permission.COMPONENTS_VIEW, DEMO, demo_only=True),
]


def menu(request: HttpRequest) -> list[NavGroup]:
    """The groups for the acting post, in ITEMS order; the deepest matching link is current."""
    actor = getattr(request, "actor", None)
    shown = [
        (item, reverse(item.url_name))
        for item in ITEMS
        if (settings.DEMO or not item.demo_only) and may(actor, item.permission)
    ]
    current = current_url(request.path, [url for _item, url in shown])
    groups: dict[str | Promise, list[NavLink]] = {}
    for item, url in shown:
        link = NavLink(item.label, url, item.icon, url == current, item.pinned)
        groups.setdefault(item.group, []).append(link)
    return [NavGroup(label, links) for label, links in groups.items()]


def current_url(path: str, urls: list[str]) -> str:
    """The longest of the addresses that the path stands under; "/" only matches itself."""
    matching = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(matching, key=len, default="")
