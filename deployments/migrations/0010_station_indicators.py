from django.db import migrations

PUBLISHED = "Bawaslu, pemetaan TPS rawan 10–15 November 2024 (klikkalsel.com; kalimantan24.com)"
BANJARMASIN = "Bawaslu Banjarmasin, November 2024 (kalsel.antaranews.com)"
GENERAL = "Pengetahuan umum tentang pemetaan TPS rawan 2024, belum diperiksa"

INDICATORS = (
    ("dpt_tms", "hak_pilih", "Pemilih DPT tidak memenuhi syarat",
     "Voters on the list who are not eligible", PUBLISHED),
    ("dptb", "hak_pilih", "Pemilih tambahan (DPTb)", "Voters moved in (DPTb)", PUBLISHED),
    ("dpk", "hak_pilih", "Potensi pemilih khusus (DPK) tidak terdaftar",
     "Likely voters not on the list (DPK)", PUBLISHED),
    ("disabilitas", "hak_pilih", "Pemilih disabilitas dalam DPT",
     "Voters with disabilities on the list", PUBLISHED),
    ("luar_domisili", "hak_pilih", "Penyelenggara memilih di luar domisili",
     "Polling staff who live elsewhere", PUBLISHED),
    ("riwayat_psu", "hak_pilih", "Riwayat PSU atau penghitungan ulang",
     "Earlier re-vote or recount", PUBLISHED),
    ("riwayat_kekerasan", "keamanan", "Riwayat kekerasan di TPS",
     "Earlier violence at the station", GENERAL),
    ("riwayat_intimidasi", "keamanan", "Riwayat intimidasi kepada penyelenggara",
     "Earlier intimidation of polling staff", GENERAL),
    ("riwayat_penolakan", "keamanan", "Riwayat penolakan pemungutan suara",
     "Earlier refusal of the vote", GENERAL),
    ("riwayat_politik_uang", "politik_uang", "Riwayat pemberian uang atau barang",
     "Earlier giving of money or goods", GENERAL),
    ("relawan_bayaran", "politik_uang", "Relawan bayaran di sekitar TPS",
     "Paid volunteers near the station", GENERAL),
    ("riwayat_hinaan_sara", "sara", "Riwayat penghinaan atau hasutan SARA",
     "Earlier insult or incitement on identity", GENERAL),
    ("kampanye_sara", "sara", "Riwayat kampanye bermuatan SARA",
     "Earlier campaign on identity", GENERAL),
    ("netral_kpps", "netralitas", "Riwayat KPPS berkampanye",
     "Polling staff who campaigned", GENERAL),
    ("netral_asn", "netralitas", "Riwayat ASN, TNI, atau Polri tidak netral",
     "Civil servants or forces not neutral", GENERAL),
    ("netral_desa", "netralitas", "Riwayat perangkat desa tidak netral",
     "Village officials not neutral", GENERAL),
    ("logistik_rusak", "logistik", "Riwayat logistik rusak",
     "Earlier damaged supplies", GENERAL),
    ("logistik_kurang", "logistik", "Riwayat logistik kurang, lebih, atau tertukar",
     "Earlier supplies short, over or mixed up", BANJARMASIN),
    ("logistik_terlambat", "logistik", "Riwayat logistik terlambat",
     "Earlier late supplies", PUBLISHED),
    ("sulit_dijangkau", "lokasi", "Sulit dijangkau", "Hard to reach", GENERAL),
    ("rawan_bencana", "lokasi", "Rawan banjir atau bencana", "Prone to flood or disaster",
     BANJARMASIN),
    ("rawan_konflik", "lokasi", "Di wilayah rawan konflik", "In an area of conflict", GENERAL),
    ("dekat_pendidikan", "lokasi", "Dekat lembaga pendidikan",
     "Near an institution of learning", PUBLISHED),
    ("dekat_peserta", "lokasi", "Dekat posko atau rumah peserta",
     "Near a contender's post or home", GENERAL),
    ("dekat_kerja", "lokasi", "Di dekat tambang, kebun, atau pabrik",
     "Near a mine, plantation or factory", GENERAL),
    ("lokasi_khusus", "lokasi", "TPS lokasi khusus", "Special location", GENERAL),
    ("kendala_listrik", "jaringan", "Kendala aliran listrik", "Unreliable electricity", GENERAL),
    ("kendala_internet", "jaringan", "Kendala jaringan internet", "Unreliable internet",
     PUBLISHED),
)  # fmt: skip
RULES = (
    {"tps_class": "kurang_rawan", "at_least": 3, "at_most": None, "variable": "keamanan"},
    {"tps_class": "sangat_rawan", "at_least": None, "at_most": 0, "variable": ""},
)


def fill(apps, schema_editor):
    """The supervisors' 8 variables with 28 indicators, and where the two views do not fit."""
    indicators = apps.get_model("deployments", "StationIndicator").objects
    for position, (key, variable, name, name_en, source) in enumerate(INDICATORS, start=1):
        indicators.update_or_create(
            key=key,
            defaults={
                "variable": variable,
                "name": name,
                "name_en": name_en,
                "position": position,
                "source": source,
            },
        )
    rules = apps.get_model("deployments", "DisagreementRule").objects
    for rule in RULES:
        rules.get_or_create(**rule, defaults={"source": "Data ilustrasi", "illustrative": True})


class Migration(migrations.Migration):
    dependencies = [("deployments", "0009_need")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
