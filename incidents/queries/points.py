"""Whether the point of an account lies where its region says."""

from django.utils.translation import gettext as _

from incidents.models import Account, PublicReport
from portal.registry.geometry import district_at
from portal.registry.models import Region


def regency_code(code: str) -> str:
    """The kabupaten/kota of a region at or below it; the code is the path."""
    return ".".join(code.split(".")[:2])


def point_elsewhere(row: Account | PublicReport) -> str:
    """A sentence that names both places when the point lies in another kabupaten/kota than was
    chosen, else nothing.

    It is said, never refused: the outlines are approximate, a position near a border may be off,
    and a report that waited on a phone without network must arrive as it was written.
    """
    if row.latitude is None or row.longitude is None:
        return ""
    found = district_at(row.latitude, row.longitude)
    chosen = regency_code(row.region_id)
    if found is None or regency_code(found) == chosen:
        return ""
    codes = (regency_code(found), chosen)
    names = dict(Region.objects.filter(pk__in=codes).values_list("pk", "name"))
    return _(
        "Titik berada di %(found)s, sedangkan wilayah yang dipilih %(chosen)s. "
        "Batas wilayah adalah perkiraan; pastikan kepada pelapor."
    ) % {"found": names[codes[0]], "chosen": names[codes[1]]}
