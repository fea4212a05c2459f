"""Who a copy was made for, as its stamp says it."""


def named(name: str, office: str) -> str:
    """The person and the office; once, where the account has no name but its office."""
    return office if name.strip().casefold() == office.strip().casefold() else f"{name}, {office}"
