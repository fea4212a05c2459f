"""A second reader of calendar files, strict where mail programs are: RFC 5545 line by line."""

import re
from dataclasses import dataclass, field

LINE = re.compile(r"([A-Z0-9-]+)((?:;[A-Z0-9-]+=(?:\"[^\"]*\"|[^\";:,]*))*):(.*)", re.DOTALL)
REQUIRED = {
    "VCALENDAR": {"PRODID", "VERSION", "METHOD"},
    "VTIMEZONE": {"TZID"},
    "STANDARD": {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"},
    "VEVENT": {"UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE", "STATUS"},
}
ONCE = {
    "UID",
    "DTSTAMP",
    "DTSTART",
    "DTEND",
    "SUMMARY",
    "SEQUENCE",
    "STATUS",
    "ORGANIZER",
    "METHOD",
}


@dataclass
class Part:
    """A component: its properties as (parameters, value), and what stands in it."""

    name: str
    properties: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    parts: list["Part"] = field(default_factory=list)

    def value(self, name: str) -> str:
        return self.properties[name][0][1]

    def all(self, name: str) -> list["Part"]:
        return [part for part in self.parts if part.name == name]


def read(data: bytes) -> Part:
    """The calendar; fails where a strict reader would refuse it."""
    assert data.endswith(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b""), "a line ends without CRLF"
    raw = data.split(b"\r\n")[:-1]
    assert all(len(line) <= 75 for line in raw), "a line is longer than 75 octets"
    for line in raw:
        line.decode()  # A fold never cuts a character in two.
    lines = data.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]
    top, open_parts = None, []
    for line in lines:
        found = LINE.fullmatch(line)
        assert found, line
        name, parameters, value = found.groups()
        if name == "BEGIN":
            part = Part(value)
            if open_parts:
                open_parts[-1].parts.append(part)
            else:
                assert top is None
                top = part
            open_parts.append(part)
        elif name == "END":
            done = open_parts.pop()
            assert done.name == value
            assert REQUIRED[done.name] <= done.properties.keys(), done.name
        else:
            assert not re.search(r"[\x00-\x08\x0b-\x1f]", value)
            open_parts[-1].properties.setdefault(name, []).append((parameters, value))
    assert not open_parts
    for event in top.all("VEVENT"):
        assert all(len(event.properties.get(name, [])) <= 1 for name in ONCE)
        assert re.fullmatch(r"\d{8}T\d{6}Z", event.value("DTSTAMP"))
        zones = {zone.value("TZID") for zone in top.all("VTIMEZONE")}
        for name in {"DTSTART", "DTEND"} & event.properties.keys():
            parameters, value = event.properties[name][0]
            assert parameters.removeprefix(";TZID=") in zones
            assert re.fullmatch(r"\d{8}T\d{6}", value)
    return top
