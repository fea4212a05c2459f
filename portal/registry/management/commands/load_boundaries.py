from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import clock
from portal.access.actor import SYSTEM
from portal.access.context import actor_context
from portal.access.errors import Refused
from portal.registry.actions import load_boundaries
from portal.registry.models import Region


class Command(BaseCommand):
    help = "Replace the boundaries by those of a GeoJSON file with Kemendagri codes; all or none."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", help="Where the file comes from; its name by default.")
        parser.add_argument("--credit", default="", help="Whom to credit, and the licence.")
        parser.add_argument(
            "--dry-run", action="store_true", help="Check and compare only; write nothing."
        )
        parser.add_argument("--approximate", action="store_true", help="Label them as approximate.")

    def handle(self, *args, **options):
        path = options["file"]
        try:
            text = path.read_text(encoding="utf-8-sig")
        except OSError as error:
            raise CommandError(
                _("Berkas %(path)s tidak dapat dibaca: %(reason)s.")
                % {"path": path, "reason": error.strerror}
            ) from error
        except UnicodeDecodeError as error:
            raise CommandError(_("Berkas %(path)s bukan teks UTF-8.") % {"path": path}) from error
        try:
            with actor_context(SYSTEM):
                loaded = load_boundaries(
                    text,
                    source=options["source"] or path.name,
                    credit=options["credit"],
                    approximate=options["approximate"],
                    by=SYSTEM,
                    at=clock.now(),
                    dry_run=options["dry_run"],
                )
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.report(loaded, dry_run=options["dry_run"])

    def report(self, loaded, *, dry_run):
        for level, number in loaded.coverage.items():
            self.stdout.write(
                _("Tingkat %(level)s: lengkap, %(number)s wilayah")
                % {"level": Region.Level(level).label, "number": number}
            )
        for change in loaded.differences:
            name = f"{change.code} {change.name}"
            if change.area_percent is None:
                self.stdout.write(_("%(name)s: baru") % {"name": name})
            elif change.area_percent or change.shift_km:
                self.stdout.write(
                    _("%(name)s: luas %(area)s %%, titik tengah bergeser %(shift)s km")
                    % {"name": name, "area": f"{change.area_percent:+}", "shift": change.shift_km}
                )
        if loaded.misfits:
            self.stdout.write(
                _("Batas yang tidak berimpit dengan tetangganya: %(codes)s")
                % {"codes": ", ".join(loaded.misfits)}
            )
        for first, second, area in loaded.overlaps:
            self.stdout.write(
                _("Tumpang tindih %(first)s dan %(second)s: %(area)s km²")
                % {"first": first, "second": second, "area": area}
            )
        number = len(loaded.differences)
        if dry_run:
            self.stdout.write(
                ngettext(
                    "%(number)s batas diperiksa; tidak ada yang ditulis.",
                    "%(number)s batas diperiksa; tidak ada yang ditulis.",
                    number,
                )
                % {"number": number}
            )
            return
        self.stdout.write(
            ngettext("%(number)s batas dimuat.", "%(number)s batas dimuat.", number)
            % {"number": number}
        )
