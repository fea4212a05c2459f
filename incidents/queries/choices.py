"""Regions to choose from."""

from django.utils.translation import gettext as _

from portal.registry.models import Region


def region_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Each kabupaten/kota with its kecamatan, for a select: (group, [(code, name)])."""
    rows = Region.objects.filter(level__in=[Region.Level.REGENCY, Region.Level.DISTRICT])
    groups: dict[str, tuple[str, list[tuple[str, str]]]] = {}
    for code, level, name in rows.order_by("code").values_list("code", "level", "name"):
        if level == Region.Level.REGENCY:
            groups[code] = (name, [(code, _("%(regency)s (seluruhnya)") % {"regency": name})])
        else:
            groups[code.rpartition(".")[0]][1].append((code, name))
    return list(groups.values())
