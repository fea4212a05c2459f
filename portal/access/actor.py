from dataclasses import dataclass
from functools import cached_property

from portal.access.classification import Classification
from portal.access.permissions import Permission
from portal.access.roles import permissions_of


@dataclass(frozen=True)
class Actor:
    """A person acting as one post: everything that a decision about rights may look at."""

    user_id: int | None
    post_id: int | None
    post_title: str
    agency_id: int | None
    agency_slug: str
    unit_id: int | None
    unit_path: str
    region_code: str
    roles: frozenset[str]
    clearance: int
    is_system: bool = False

    @classmethod
    def of(cls, tenure) -> "Actor":
        """The actor of a tenure whose post, unit and agency are loaded."""
        post = tenure.post
        unit = post.unit
        return cls(
            user_id=tenure.user_id,
            post_id=post.pk,
            post_title=str(tenure),
            agency_id=unit.agency_id,
            agency_slug=unit.agency.slug,
            unit_id=unit.pk,
            unit_path=unit.path,
            region_code=post.region_id or "",
            roles=frozenset(post.roles),
            clearance=post.clearance,
        )

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        return permissions_of(self.roles)

    @property
    def whole_province(self) -> bool:
        """Reaches every region, whatever the agency: the code of a province has one part."""
        return self.is_system or (bool(self.region_code) and "." not in self.region_code)

    def __str__(self) -> str:
        return self.post_title


SYSTEM = Actor(
    user_id=None,
    post_id=None,
    post_title="Sistem",
    agency_id=None,
    agency_slug="",
    unit_id=None,
    unit_path="",
    region_code="",
    roles=frozenset(),
    clearance=Classification.RAHASIA,
    is_system=True,
)
"""Workers and commands. Sees every row; holds no permission, so no doorway opens for it."""

PUBLIC = Actor(
    user_id=None,
    post_id=None,
    post_title="Masyarakat (tanpa akun)",
    agency_id=None,
    agency_slug="",
    unit_id=None,
    unit_path="",
    region_code="",
    roles=frozenset(),
    clearance=Classification.BIASA,
)
"""Whoever reports without an account: nobody in particular, with no permission and no row in sight.
What they may do, they may by a code that they hold."""
