from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class Verdict:
    """What checking the chain found. `broken_seq` is the first link that does not hold."""

    links: int
    head: str
    broken_seq: int | None = None
    reason: str = ""

    @property
    def intact(self) -> bool:
        return self.broken_seq is None


def verify_chain() -> Verdict:
    """Recompute every link from the entries themselves and name the first that differs.

    Finds changed, deleted, inserted and reordered entries, and a tail cut off without the head.
    A tail cut together with its head shows only against a head kept elsewhere: compare `head`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_seal")
        links = cursor.fetchone()[0]
        cursor.execute("SELECT seq, encode(digest, 'hex') FROM audit_chain")
        head_seq, head = cursor.fetchone() or (0, "")
        cursor.execute(
            """
            WITH link AS (
                SELECT s.seq, s.previous, s.digest, e.id AS entry_id,
                       row_number() OVER (ORDER BY s.seq) AS place,
                       coalesce(lag(s.digest) OVER (ORDER BY s.seq), ''::bytea) AS expected,
                       audit_digest(s.previous, e) AS computed
                FROM audit_seal s LEFT JOIN audit_entry e ON e.id = s.entry_id
            )
            SELECT seq, CASE
                WHEN entry_id IS NULL THEN 'entry deleted'
                WHEN seq <> place THEN 'link missing before this one'
                WHEN previous <> expected THEN 'link does not follow the one before'
                ELSE 'entry changed' END
            FROM link
            WHERE entry_id IS NULL OR seq <> place OR previous <> expected OR digest <> computed
            ORDER BY seq LIMIT 1
            """
        )
        if row := cursor.fetchone():
            return Verdict(links, head, row[0], row[1])
        cursor.execute(
            """SELECT e.id FROM audit_entry e LEFT JOIN audit_seal s ON s.entry_id = e.id
               WHERE s.seq IS NULL ORDER BY e.id LIMIT 1"""
        )
        if row := cursor.fetchone():
            return Verdict(links, head, links + 1, f"entry {row[0]} without seal")
        cursor.execute(
            "SELECT digest = decode(%s, 'hex') FROM audit_seal WHERE seq = %s", [head, head_seq]
        )
        row = cursor.fetchone()
        if links != head_seq or (head_seq and not (row and row[0])):
            return Verdict(links, head, links + 1, "tail cut: the head is further on")
    return Verdict(links, head)
