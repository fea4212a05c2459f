"""The words of the demo's meetings.

The rakor of 4 June 2024 follows the press report [S1]: who came, for whom, and the four messages of
the Kapolda, in our own words. Hours, running order, what the others said, due times and all that
follows are invented, and marked so.
"""

ILLUSTRATIVE = " *(Data ilustrasi)*"

TITLE = "Rakor lintas sektoral kesiapan Operasi Mantap Praja Intan 2024"
SOURCE = (
    "Pemberitaan metro7, 4 Juni 2024 [S1]: tempat, tanggal, peserta, dan pokok pesan. Jam, susunan "
    "acara, paparan peserta, dan tenggat adalah ilustrasi."
)
ALL = ("polda", "korem", "kpu", "bawaslu", "kejati", "binda", "kesbangpol", "pemprov", "dprd")

AGENDA = (
    ("Pembukaan oleh Kapolda Kalimantan Selatan", "polda", 15),
    ("Paparan rencana pengamanan Operasi Mantap Praja Intan 2024", "polda", 30),
    ("Tahapan dan kesiapan penyelenggara", "kpu", 20),
    ("Pengawasan dan pencegahan pelanggaran", "bawaslu", 20),
    ("Dukungan pemerintah daerah dan TNI", "pemprov", 20),
    ("Arahan dan penekanan pimpinan", "polda", 15),
)
# agency, invited office, status, name, office of who came
SEATS = (
    ("polda", "Kapolda Kalimantan Selatan", "hadir", "Irjen Pol Winarto", ""),
    ("korem", "Danrem 101/Antasari", "hadir", "Brigjen TNI Ari Ariyanto", ""),
    (
        "pemprov",
        "Gubernur Kalimantan Selatan",
        "diwakili",
        "Roy Rizali Anwar",
        "Sekretaris Daerah Provinsi",
    ),
    ("kejati", "Kepala Kejaksaan Tinggi Kalimantan Selatan", "hadir", "Mukri", ""),
    ("kpu", "Ketua KPU Provinsi Kalimantan Selatan", "hadir", "Andi Tenri Sompa", ""),
    ("bawaslu", "Ketua Bawaslu Provinsi Kalimantan Selatan", "hadir", "Aries Mardiono", ""),
    ("binda", "Kepala BIN Daerah Kalimantan Selatan", "hadir", "Nurullah", ""),
    ("kesbangpol", "Kepala Badan Kesbangpol Kalimantan Selatan", "hadir", "Heriansyah", ""),
    ("dprd", "Pimpinan DPRD Provinsi Kalimantan Selatan", "hadir", "", "Unsur pimpinan DPRD"),
)
OPENING = (
    "Rapat dibuka oleh Kapolda Kalimantan Selatan. Rakor menyatukan langkah Polri, TNI, pemerintah "
    "daerah, penyelenggara, dan pengawas menjelang pemilihan kepala daerah serentak 27 November "
    "2024. Gubernur Kalimantan Selatan diwakili oleh Sekretaris Daerah Provinsi."
)
SECTIONS = (
    ("Kapolda Kalimantan Selatan", "Ucapan selamat datang dan tujuan rakor."),
    (
        "Karo Ops Polda Kalimantan Selatan",
        "Paparan sandi, waktu, dan susunan satuan tugas operasi, serta pola pengamanan TPS menurut "
        "tingkat kerawanan." + ILLUSTRATIVE,
    ),
    (
        "Ketua KPU Provinsi Kalimantan Selatan",
        "Tahapan berjalan menurut jadwal. Pemutakhiran daftar pemilih dimulai akhir Mei; "
        "jumlah TPS berkurang karena batas pemilih tiap TPS naik." + ILLUSTRATIVE,
    ),
    (
        "Ketua Bawaslu Provinsi Kalimantan Selatan",
        "Pengawasan mengutamakan **pencegahan**. Pemetaan kerawanan dibagikan kepada "
        "semua instansi." + ILLUSTRATIVE,
    ),
    (
        "Sekretaris Daerah Provinsi, mewakili Gubernur",
        "Pemerintah daerah mendukung hibah pengamanan dan menjaga netralitas aparatur. TNI siap "
        "membantu menurut permintaan." + ILLUSTRATIVE,
    ),
    (
        "Kapolda Kalimantan Selatan",
        "Empat pesan Kapolda kepada seluruh peserta:\n\n"
        "1. **Komunikasi** antarinstansi yang efektif dan efisien.\n"
        "2. **Deteksi dini dan pencegahan** terhadap setiap potensi gangguan.\n"
        "3. **Profesionalisme dan integritas** dijunjung oleh seluruh pelaksana.\n"
        "4. **Pelatihan dan kesiapan personel** sebelum operasi dimulai.",
    ),
)
CONCLUSION = (
    "Peserta menyepakati keempat pesan Kapolda sebagai arahan bersama. Tiap instansi melaporkan "
    "tindak lanjutnya melalui portal."
)
CLOSING = "Rapat ditutup pukul 11.00 WITA."
READ_OUT = "Naskah dibacakan dan disetujui peserta sebelum rapat ditutup."

# title, text, kind, binding, priority, output, evidence, due, agencies
DIRECTIVES = (
    (
        "Komunikasi efektif dan efisien antarinstansi",
        "Setiap instansi menunjuk penghubung tetap, menjaga jalur komunikasi siaga 24 jam, dan "
        "menyampaikan informasi penting kepada instansi terkait tanpa menunggu rapat.",
        "penekanan",
        "kesepakatan",
        "segera",
        "Daftar penghubung dan nomor posko",
        "Surat penunjukan",
        "2024-06-30T16:00+08:00",
        ALL,
    ),
    (
        "Deteksi dini dan pencegahan",
        "Petakan potensi gangguan di wilayah masing-masing, bagikan hasilnya, dan utamakan "
        "pencegahan sebelum gangguan terjadi.",
        "penekanan",
        "kesepakatan",
        "segera",
        "Peta kerawanan per kabupaten/kota",
        "Dokumen pemetaan",
        "2024-08-20T16:00+08:00",
        ("polda", "korem", "bawaslu", "binda", "kesbangpol"),
    ),
    (
        "Profesionalisme dan integritas",
        "Jaga profesionalisme, netralitas, dan integritas pelaksana di semua tingkat; "
        "tindak setiap "
        "pelanggaran menurut ketentuan masing-masing instansi.",
        "penekanan",
        "permintaan",
        "biasa",
        "Pernyataan netralitas dan laporan pengawasan internal",
        "Laporan pengawasan internal",
        "2024-11-15T16:00+08:00",
        ("polda", "korem", "kpu", "bawaslu", "kejati", "pemprov"),
    ),
    (
        "Pelatihan dan kesiapan personel",
        "Selesaikan pelatihan petugas lapangan dan pastikan jumlah serta kesiapan personel sebelum "
        "pergeseran pasukan.",
        "arahan",
        "kesepakatan",
        "segera",
        "Rekapitulasi personel terlatih",
        "Laporan pelatihan",
        "2024-11-22T16:00+08:00",
        ("polda", "korem", "kpu", "bawaslu", "pemprov"),
    ),
)
EVALUATION_DIRECTIVES = (
    (
        "Pengamanan distribusi logistik ke TPS",
        "Sepakati jadwal, rute, dan pengawalan distribusi kotak dan surat suara sampai "
        "TPS; laporkan "
        "hambatan jalur sungai dan jalan rusak.",
        "arahan",
        "kesepakatan",
        "amat_segera",
        "Jadwal dan rute pengawalan",
        "Jadwal yang disepakati",
        "2024-11-21T12:00+08:00",
        ("polda", "korem", "kpu", "bawaslu", "pemprov"),
    ),
    (
        "Kesiapan masa tenang",
        "Siapkan pembersihan alat peraga, patroli pencegahan politik uang, dan jalur "
        "pengaduan yang "
        "dijaga selama 24–26 November.",
        "atensi",
        "permintaan",
        "segera",
        "Rencana masa tenang",
        "Rencana tertulis",
        "2024-11-23T16:00+08:00",
        ("bawaslu", "kejati", "binda", "kesbangpol", "pemprov", "dprd"),
    ),
)
NEXT_TITLE = "Rakor kesiapan masa tenang dan pemungutan suara"
NEXT_AGENDA = (
    ("Pembukaan", "polda", 10),
    ("Kesiapan logistik dan TPS", "kpu", 25),
    ("Pengawasan masa tenang", "bawaslu", 20),
    ("Gelar pasukan dan pergeseran personel", "polda", 30),
    ("Dukungan TNI dan pemerintah daerah", "korem", 20),
    ("Penekanan pimpinan", "polda", 15),
)
