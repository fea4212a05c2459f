"""A PMTiles file as an operator would have it (version 3, vector tiles), with one street, one lake
and land under them, and a server of another origin that answers Range requests."""

import base64
import gzip
import json
import math
import re
import struct
from http.server import BaseHTTPRequestHandler
from typing import ClassVar

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
"""A picture of one point."""
Tile = tuple[int, int, int]
"""Zoom, column, row."""
EXTENT = 4096
POLYGON, LINE = 3, 2
MOVE, DRAW, CLOSE = 1, 2, 7
VECTOR, GZIP, PLAIN = 1, 2, 1


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def field(number: int, value: bytes | int) -> bytes:
    """One field of a protocol buffer."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def geometry(points: list[tuple[int, int]], *, closed: bool) -> bytes:
    steps, at = [], (0, 0)
    for point in points:
        for before, after in zip(at, point, strict=True):
            step = after - before
            steps.append(step * 2 if step >= 0 else -step * 2 - 1)
        at = point
    words = [MOVE | 1 << 3, *steps[:2], DRAW | len(points) - 1 << 3, *steps[2:]]
    return b"".join(map(varint, [*words, CLOSE | 1 << 3] if closed else words))


def layer(name: str, kind: str, points: list[tuple[int, int]], shape: int) -> bytes:
    """A layer of one feature whose only property is its kind."""
    feature = field(2, varint(0) + varint(0)) + field(3, shape)
    feature += field(4, geometry(points, closed=shape == POLYGON))
    parts = [(15, 2), (1, name.encode()), (2, feature), (3, b"kind"), (4, field(1, kind.encode()))]
    return field(3, b"".join(field(number, value) for number, value in [*parts, (5, EXTENT)]))


def tile() -> bytes:
    """Land all over, a lake in its middle, and a motorway from corner to corner."""
    full = [(0, 0), (EXTENT, 0), (EXTENT, EXTENT), (0, EXTENT)]
    lake = [(1400, 1400), (2700, 1400), (2700, 2700), (1400, 2700)]
    road = [(0, 300), (EXTENT, 3800)]
    return (
        layer("earth", "earth", full, POLYGON)
        + layer("water", "lake", lake, POLYGON)
        + layer("roads", "highway", road, LINE)
    )


def tiles_over(west: float, south: float, east: float, north: float, zoom: int) -> list[Tile]:
    left, top = tile_at(west, north, zoom)
    right, bottom = tile_at(east, south, zoom)
    return [(zoom, x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]


def tile_at(longitude: float, latitude: float, zoom: int) -> tuple[int, int]:
    side, angle = 2**zoom, math.radians(latitude)
    down = (1 - math.log(math.tan(angle) + 1 / math.cos(angle)) / math.pi) / 2
    return int((longitude + 180) / 360 * side), int(down * side)


def number_of(zoom: int, x: int, y: int) -> int:
    """The tile's place on the Hilbert curves of all zooms."""
    number, half = (4**zoom - 1) // 3, 2**zoom // 2
    while half:
        right, lower = int(bool(x & half)), int(bool(y & half))
        number += half * half * (3 * right ^ lower)
        if not lower:
            if right:
                x, y = half - 1 - x, half - 1 - y
            x, y = y, x
        half //= 2
    return number


def archive(bounds: tuple[float, float, float, float], deepest: int) -> bytes:
    """The same tile over west, south, east, north for every zoom down to the deepest."""
    content = gzip.compress(tile(), mtime=0)
    numbers = sorted(
        number_of(*each) for zoom in range(deepest + 1) for each in tiles_over(*bounds, zoom)
    )
    before = [0, *numbers]
    steps = [after - first for first, after in zip(before, numbers, strict=False)]
    count = len(numbers)
    columns = [count, *steps, *[1] * count, *[len(content)] * count, *[1] * count]
    directory = b"".join(map(varint, columns))
    metadata = json.dumps({"name": "Jalan uji"}).encode()
    root, leaf = 127, 127 + len(directory) + len(metadata)
    spans = (root, len(directory), root + len(directory), len(metadata), leaf, 0, leaf)
    head = b"PMTiles\x03" + struct.pack("<11Q", *spans, len(content), count, count, 1)
    head += bytes([1, PLAIN, GZIP, VECTOR, 0, deepest])
    west, south, east, north = (round(degrees * 1e7) for degrees in bounds)
    middle = ((west + east) // 2, (south + north) // 2)
    head += struct.pack("<4iB2i", west, south, east, north, 7, *middle)
    return head + directory + metadata + content


class RangeServer(BaseHTTPRequestHandler):
    """Gives its files in the parts asked for, to any origin."""

    files: ClassVar[dict[str, bytes]] = {}

    def do_GET(self) -> None:
        if self.path.endswith(".png"):
            self.answer(200, PICTURE)
            return
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if asked is None:
            self.send_error(416)
            return
        content = self.files[self.path]
        first, last = int(asked[1]), min(int(asked[2]), len(content) - 1)
        part = content[first : last + 1]
        self.answer(206, part, **{"Content-Range": f"bytes {first}-{last}/{len(content)}"})

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        more = {"Content-Length": str(len(body)), "Access-Control-Allow-Origin": "*"}
        for name, value in (headers | more).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_OPTIONS(self) -> None:
        self.send_response(204)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Access-Control-Allow-Headers", "Range, If-Match")
        self.end_headers()

    def log_message(self, *words: object) -> None:
        """The test says what went wrong."""
