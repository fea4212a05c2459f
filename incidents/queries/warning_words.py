"""What a rule says, in one sentence; it names no number of what was found."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.enums import Severity
from incidents.enums.warning import RuleArea, RuleKind
from incidents.models import IncidentType, WarningRule


def rule_sentence(rule: WarningRule) -> str:
    """In the running language: what the rule looks at and when it warns."""
    values = {
        "n": rule.threshold,
        "span": span_words(rule.window_hours),
        "area": _in_area(rule),
        "what": _what(rule),
        "factor": f"{float(rule.factor):g}".replace(".", ","),
        "weeks": rule.weeks,
    }
    sentences = {
        RuleKind.COUNT: _("Paling sedikit %(n)d kejadian %(what)s dalam %(span)s %(area)s."),
        RuleKind.RISE: _(
            "Kejadian %(what)s dalam %(span)s %(area)s naik menjadi paling sedikit "
            "%(factor)s kali rata-rata %(weeks)d minggu sebelumnya, dan paling sedikit %(n)d."
        ),
        RuleKind.EXPECTED: _(
            "Paling sedikit %(n)d laporan lapangan %(what)s yang akan terjadi dalam %(span)s "
            "%(area)s."
        ),
        RuleKind.SILENT: _(
            "Laporan kesiapan satuan %(area)s tidak masuk pada %(n)d batas waktu berturut-turut."
        ),
        RuleKind.OVERLAP: _(
            "Kejadian %(what)s dalam %(span)s %(area)s yang memiliki paling sedikit %(n)d TPS "
            "sangat rawan."
        ),
    }
    return sentences[RuleKind(rule.kind)] % values


def span_words(hours: int) -> str:
    """72 hours are 3 days; a single day stays 24 hours."""
    days, rest = divmod(hours, 24)
    if rest or days < 2:
        return ngettext("%(n)d jam", "%(n)d jam", hours) % {"n": hours}
    return ngettext("%(n)d hari", "%(n)d hari", days) % {"n": days}


def _in_area(rule: WarningRule) -> str:
    if rule.area == RuleArea.REGENCY:
        return _("di satu kabupaten/kota")
    return _("di satu kecamatan")


def _what(rule: WarningRule) -> str:
    asked = rule.types.split()
    names = {row.pk: row.label for row in IncidentType.objects.filter(pk__in=asked)}
    named = [names.get(each) or _("golongan %(letter)s") % {"letter": each} for each in asked]
    kinds = _("jenis %(types)s") % {"types": ", ".join(named)} if named else _("jenis apa pun")
    if rule.min_severity == Severity.LOW:
        return kinds
    severity = Severity(rule.min_severity).label
    return _("%(kinds)s, keparahan %(severity)s ke atas") % {"kinds": kinds, "severity": severity}
