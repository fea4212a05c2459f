from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PROVINCE = "63"
"""The province whose regions, agencies and units the registry holds (Kemendagri code)."""


class RegionKind(models.TextChoices):
    PROVINSI = "provinsi", _("Provinsi")
    KABUPATEN = "kabupaten", _("Kabupaten")
    KOTA = "kota", _("Kota")
    KECAMATAN = "kecamatan", _("Kecamatan")
    KELURAHAN = "kelurahan", _("Kelurahan")
    DESA = "desa", _("Desa")


class AgencyKind(models.TextChoices):
    POLICE = "police", _("Kepolisian")
    ARMY = "army", _("TNI AD")
    ELECTION_COMMISSION = "election_commission", _("Penyelenggara pemilihan")
    SUPERVISOR = "supervisor", _("Pengawas pemilihan")
    PROSECUTOR = "prosecutor", _("Kejaksaan")
    INTELLIGENCE = "intelligence", _("Intelijen")
    CIVIL = "civil", _("Kesatuan bangsa dan politik")
    GOVERNMENT = "government", _("Pemerintah daerah")
    PARLIAMENT = "parliament", _("DPRD")


class UnitKind(models.TextChoices):
    POLDA = "polda", _("Polda")
    POLRESTA = "polresta", _("Polresta")
    POLRES = "polres", _("Polres")
    POLSEK = "polsek", _("Polsek")
    KOREM = "korem", _("Korem")
    KODIM = "kodim", _("Kodim")
    KORAMIL = "koramil", _("Koramil")
    KPU_PROVINCE = "kpu_province", _("KPU provinsi")
    KPU_REGENCY = "kpu_regency", _("KPU kabupaten/kota")
    BAWASLU_PROVINCE = "bawaslu_province", _("Bawaslu provinsi")
    BAWASLU_REGENCY = "bawaslu_regency", _("Bawaslu kabupaten/kota")
    KEJATI = "kejati", _("Kejaksaan tinggi")
    KEJARI = "kejari", _("Kejaksaan negeri")
    BINDA = "binda", _("BIN daerah")
    KESBANGPOL_PROVINCE = "kesbangpol_province", _("Kesbangpol provinsi")
    KESBANGPOL_REGENCY = "kesbangpol_regency", _("Kesbangpol kabupaten/kota")
    GOVERNMENT_PROVINCE = "government_province", _("Pemerintah provinsi")
    DPRD_PROVINCE = "dprd_province", _("DPRD provinsi")
    OFFICE = "office", _("Perangkat daerah")


class FigureKind(models.TextChoices):
    POPULATION = "population", _("Penduduk")
    VOTERS = "voters", _("Pemilih")
    POLLING_STATIONS = "polling_stations", _("TPS")
    TPS_KURANG_RAWAN = "tps_kurang_rawan", _("TPS kurang rawan")
    TPS_RAWAN = "tps_rawan", _("TPS rawan")
    TPS_SANGAT_RAWAN = "tps_sangat_rawan", _("TPS sangat rawan")
    TPS_KHUSUS = "tps_khusus", _("TPS khusus")
    IKP = "ikp", _("Indeks kerawanan pemilu (perseratus)")


class PlaceKind(models.TextChoices):
    """What stands at a place below the district."""

    POSKO = "posko", _("Posko")
    TPS_GROUP = "tps_group", _("Kelompok TPS")
    WAREHOUSE = "warehouse", _("Gudang logistik")
    OFFICE = "office", _("Kantor")
    OTHER = "other", pgettext_lazy("tempat", "Lainnya")


class Quality(models.TextChoices):
    """How far a figure can be trusted."""

    OFFICIAL = "official", _("Resmi")
    REPORTED = "reported", _("Diberitakan")
    ESTIMATED = "estimated", _("Perkiraan")
    GENERAL = "general", _("Pengetahuan umum, belum diperiksa")
    ILLUSTRATIVE = "illustrative", _("Data ilustrasi")


class StageTrack(models.TextChoices):
    """Whose calendar a stage belongs to; only the election's own stages name the running phase."""

    ELECTION = "election", _("Tahapan pemilihan")
    ORGANISER = "organiser", _("Kegiatan penyelenggara")
    SECURITY = "security", _("Kegiatan pengamanan")


class HolidayKind(models.TextChoices):
    NATIONAL = "nasional", _("Libur nasional")
    JOINT_LEAVE = "cuti_bersama", _("Cuti bersama")
    LOCAL = "lokal", _("Hari setempat")
