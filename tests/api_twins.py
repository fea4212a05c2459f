"""What every writing entry of the API owes: one effect per key, and one row in the audit."""

import json
from typing import Any

from portal.audit.models import Entry


class Twin:
    """A client that speaks JSON as one post after another."""

    def __init__(self, client: Any, sign_in: Any):
        self.client, self.sign_in, self.keys = client, sign_in, 0

    def __call__(self, actor: Any) -> "Twin":
        self.sign_in(self.client, actor)
        return self

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1/{path}", query)

    def send(self, path: str, body: Any = None, method: str = "post", **headers: str) -> Any:
        call = getattr(self.client, method)
        kind = "application/json"
        return call(
            f"/api/v1/{path}", json.dumps(body or {}), content_type=kind, headers=headers or None
        )

    def status(self, path: str, body: Any = None, method: str = "post", **headers: str) -> int:
        return self.send(path, body, method, **headers).status_code

    def once(self, verb: str, path: str, body: Any = None, method: str = "post") -> Any:
        """Send it twice with one key: the same answer, and one entry of that verb. Returns the
        answer's body."""
        before = Entry.objects.filter(verb=verb).count()
        self.keys += 1
        key = {"Idempotency-Key": f"twin-{self.keys}"}
        first, again = (self.send(path, body, method, **key) for _time in range(2))
        assert first.status_code in {200, 201, 204}, (path, first.content)
        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert Entry.objects.filter(verb=verb).count() == before + 1, (path, verb)
        return first.json() if first.content else None
