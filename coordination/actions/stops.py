"""What an answer stops: the keys under which an obligation asks and urges."""

from coordination.models import Obligation


def acknowledge_key(obligation: Obligation) -> str:
    """All that asks for an acknowledgement; it stops with the acknowledgement."""
    return f"obligation:{obligation.pk}:acknowledge"


def due_key(obligation: Obligation) -> str:
    """All that urges to finish; any answer of the agency stops it."""
    return f"obligation:{obligation.pk}:due"


def waiting_key(obligation: Obligation) -> str:
    """All that asks the issuer to decide; it stops with the decision."""
    return f"obligation:{obligation.pk}:waiting"
