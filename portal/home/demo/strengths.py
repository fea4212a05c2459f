"""How many people of whom: the published figures with their source, and what was invented."""

from datetime import date, datetime

from portal import clock

OPERATION = "mantap-praja-intan-2024"
STARTS, ENDS = date(2024, 8, 24), date(2024, 12, 31)
DECIDED = datetime(2024, 8, 24, 8, tzinfo=clock.WITA)
INVENTED = "Data ilustrasi"

POLRI = {
    "63.01": 400, "63.02": 570, "63.03": 450, "63.04": 360, "63.05": 310, "63.06": 330,
    "63.07": 330, "63.08": 320, "63.09": 350, "63.10": 400, "63.11": 314, "63.71": 680,
    "63.72": 360,
}  # fmt: skip
POLRI_SOURCES = {
    "63.02": "kalselbabussalam.com, Agustus 2024",
    "63.03": "suarabanuanews.com, 24 Agustus 2024",
    "63.11": "riliskalimantan.com, Agustus 2024",
}
SATGASDA, POOL = 1292, 1000
"""Of the task force at the province a thousand are held for the polling stations (see shift)."""
POOL_TASK = "Satgasda, disiapkan untuk BKO PAM TPS"
BKO_POLDA, BKO_POLRES = 100, 30
BKO_SOURCE = "jejakrekam.com, 14 Februari 2024"
RESERVE = {
    "kodim-1001": 180, "kodim-1002": 110, "kodim-1003": 110, "kodim-1004": 170,
    "kodim-1005": 125, "kodim-1006": 190, "kodim-1007": 150, "kodim-1008": 110,
    "kodim-1009": 115, "kodim-1010": 90, "kodim-1022": 150, "korem-101": 51,
}  # fmt: skip
