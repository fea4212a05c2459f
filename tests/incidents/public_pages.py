"""What a browser of somebody without an account sends and gets."""

import json
import re
from datetime import timedelta

import altcha

from portal import clock
from portal.web import proof

FORM, FOLLOW, ADD, FIGURES = "/lapor/", "/lapor/ikuti/", "/lapor/tambah/", "/lapor/angka/"
CODE = re.compile(r"<code>([0-9A-Z-]{31})</code>")


def texts(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def solution() -> str:
    """What a browser sends after it has done its puzzle; an easy one here."""
    challenge = altcha.Challenge.from_dict(json.loads(proof.new_puzzle(cost=1)))
    return altcha.Payload(challenge, altcha.solve_challenge(challenge)).to_base64()


def typed(**changes) -> dict:
    moment = clock.local(clock.now()) - timedelta(minutes=10)
    return {
        "subject": "bencana",
        "regency": "63.03",
        "district": "63.03.17",
        "place": "Desa Angkipih",
        "timing": "sudah",
        "occurred_at": moment.strftime("%Y-%m-%dT%H:%M"),
        "text": "Air naik sejak subuh dan menutup jalan.",
        "known": "anonim",
        "read": "biasa",
        "proof": solution(),
        "idempotency_key": "kunci-1",
        **changes,
    }


def code_in(response) -> str:
    return CODE.search(response.content.decode()).group(1)
