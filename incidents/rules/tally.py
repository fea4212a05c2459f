"""What a free text must not hold: votes won."""

import re

# Bounded, and read without runs of blanks: a text that is nothing but figures is read once.
_NUMBER = r"\d[\d.,]{0,19}"
_FILLER = r"(?:\s+(?:sah|sementara|masuk|sebanyak|sejumlah|mencapai|sekitar|adalah)){0,3}"
_TALLY = re.compile(
    rf"""
    {_NUMBER}\s*(?:ribu\s*)?(?:%|persen)?\s*suara\b            # 1.234 suara, 54% suara
    | (?<!surat\s)(?<!kotak\s)(?<!bilik\s)(?<!pemungutan\s)(?<!penghitungan\s)(?<!pengeras\s)
      \bsuara{_FILLER}\s*[:=]?\s*{_NUMBER}(?!\s*[./]\d)          # suara sah: 1.234
    | (?:paslon|pasangan\s+calon)\b[^\n]{{0,40}}?{_NUMBER}\s*(?:%|persen)  # paslon X 54%
    | {_NUMBER}\s*%?\s*(?:valid\s+)?votes\b                      # 1,234 votes
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NUMBERED = r"(?:nomor|no\.?)\s?(?:urut\s?)?"
_WON = r"\b(?:dapat|mendapat|memperoleh|meraih)\b"
# A bare figure: what stands behind it is no unit ("120 orang") and no other sum.
_BARE = r"""(?:\d{1,3}(?:\.\d{3})+|\d{1,6})(?!\.?\d)\s?%?
    (?!\s?(?!(?:dan|sah|tidak|vs|lawan|suara|persen|nomor|no)\b)[a-z])"""
_RESULT = rf"(?:{_NUMBERED})?\b0?[1-9]\s?(?:[:=]|{_WON})\s?{_BARE}"
_PLACES = "tps|rt|rw|pos|posko|pukul|jam|hari|tahap|km|regu|tim|pleton|kompi|zona|blok|desa"
_RESULTS = re.compile(
    rf"""
    (?P<of_places>\b(?:{_PLACES})\s)? (?<![\d/.:,-])
    {_RESULT} (?:\s?(?:[,;/|.&-]|\bdan\b|\s)\s?{_RESULT})+      # 01: 120, 02: 98
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ALONE = re.compile(rf"\b{_NUMBERED}0?[1-9]\s?{_WON}\s?(?=\d[\d.]){_BARE}", re.I | re.X)
# Who stands behind a pair is not who voted for it: "massa paslon 1: 150".
_FOLLOWERS = (
    r"(?:massa|pendukung|simpatisan|relawan|rombongan|konvoi|kader|saksi|tim|baliho|spanduk)"
)
_WHICH = r"(?:0?[1-9]|[a-e]|satu|dua|tiga|empat|lima|one|two|three|four|five)\b"
_CANDIDATE = rf"""(?:
    \b(?:paslon|pasangan\scalon|pasangan|calon|kandidat|candidate|pair|no(?:mor|\.)?\surut)
      (?:\s(?:nomor|no\.?|urut|number)){{0,2}} \s? {_WHICH}
    | \b(?:paslon|pasangan|calon)\stunggal\b
    | \bkotak\skosong\b
    )"""
_GOT = r"""(?: [:=]
    | \b(?:dapat|mendapat(?:kan)?|memperoleh|peroleh|perolehan|meraih|raih|mengantongi|mengumpulkan
        |menang|unggul|kalah|tertinggal|memimpin|sebanyak|total|hasil(?:nya)?
        |got|gets?|has|have|had|wins?|won|leads?|received?|polled|with)\b )"""
# The figure of one candidate: two digits at least, or a share.
_WON_BY = rf"(?:(?=\d[\d.,]){_BARE}|\d[\d.,]{{0,9}}\s?(?:%|persen|percent))"
_OF_CANDIDATE = re.compile(
    rf"""
    (?P<followers>\b{_FOLLOWERS}\s(?:dari\s|milik\s)?)? {_CANDIDATE}
      (?:\s?{_GOT}[^\d.;]{{0,15}}?){{0,2}} \s? {_WON_BY}           # paslon 1 menang dengan 120
    | (?<![\d.,-])(?:\d{{1,6}}\s?-\s?)?\d{{1,6}}\s?(?:%|persen|percent)?
      \s(?:untuk|bagi|buat|for)\s {_CANDIDATE}                    # 120-80 untuk paslon 1
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SCORE = re.compile(
    rf"""\bhasil\b[^\n]{{0,25}}? (?<![\d.,:/-])\d{{2,6}}\s?[-–]\s?(?=\d\d){_BARE}(?!\s?[-/])""",
    re.IGNORECASE | re.VERBOSE,
)
_CLOCK = re.compile(r"\b\d{1,2}:[0-5]\d\b")
_LARGE = re.compile(r"(?:[:=]|dapat|peroleh|raih)\s?\d[\d.]", re.IGNORECASE)


def looks_like_tally(text: str) -> bool:
    """Whether a text seems to give votes won: a number beside "suara" or "votes", a candidate with
    a figure, a score, or a row of numbers each with a figure of its own.

    Words of the polling day stay free: surat suara, kotak suara, bilik suara, pemungutan and
    penghitungan suara, numbers of persons ("massa paslon 1 sekitar 150 orang"), of polling stations
    ("TPS 01: 120, TPS 02: 98") and of the clock.
    """
    lines = [" ".join(line.split()) for line in text.splitlines()]
    close = " ".join(filter(None, lines))
    if _TALLY.search("\n".join(filter(None, lines))) or _ALONE.search(close):
        return True
    if _SCORE.search(close) or any(not of["followers"] for of in _OF_CANDIDATE.finditer(close)):
        return True
    return any(
        _LARGE.search(_CLOCK.sub("", row[0]))
        for row in _RESULTS.finditer(close)
        if not row["of_places"]
    )
