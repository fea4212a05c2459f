"""The examples of deployments' components on the /ui/ page. Nothing here is real data."""

from typing import Any

from django.utils.translation import gettext as _


def examples() -> dict[str, Any]:
    return {"rotation": rotation(), "legend": legend()}


def legend() -> list[tuple[str, str]]:
    return [
        ("requested", _("Diminta")),
        ("ordered", _("Diperintahkan (Sprin)")),
        ("in_place", _("Di tempat")),
        ("relieved", _("Sudah diganti")),
    ]


def rotation() -> dict[str, Any]:
    """Two units that hand over, then days on which nobody stands there."""
    stays = [
        stay("Kodim 1006", "30", "relieved", "10%", "30%", _("Diganti Kodim 1007")),
        stay("Kodim 1007", "30", "in_place", "35%", "25%", _("Tanpa pengganti")),
    ]
    stays[1]["bar"]["flag"] = "60%"
    box = {"x": "60%", "width": "20%", "say": _("Kosong 5 hari"), "span": {}}
    both = {"x": "35%", "width": "5%", "say": _("Serah terima 1 hari"), "span": {}}
    return {
        "ticks": [{"x": "0%", "text": "1 Nov"}, {"x": "50%", "text": "15 Nov"}],
        "lanes": [
            [
                {
                    "x": "0%",
                    "width": "60%",
                    "start": "0%",
                    "text": _("Kampanye"),
                    "say": _("Kampanye"),
                }
            ]
        ],
        "today": "45%",
        "groups": [
            {
                "duty": {"title": _("Jaga gudang logistik"), "facts": "Korem 101"},
                "rows": stays,
                "gaps": [box],
                "handovers": [both],
            }
        ],
    }


def stay(unit: str, people: str, state: str, left: str, width: str, relief: str) -> dict[str, Any]:
    thin = state == "relieved"
    return {
        "stay": {"unit": unit, "people": people, "personnel": 30, "url": "#rotasi"},
        "say": f"{unit}, {people}: {relief}",
        "bar": {
            "x": left,
            "width": width,
            "y": 12 if thin else 8,
            "height": 9 if thin else 18,
            "state": state,
            "text": "" if thin else people,
            "middle": "47.5%",
        },
    }
