from dataclasses import dataclass

from django.urls import reverse

from coordination.models import SavedView
from portal.access.actor import Actor

EVERYTHING = "semua=1"
"""The address of the matrix without a filter: the bare one opens the post's default view."""


@dataclass(frozen=True)
class ViewChip:
    name: str
    url: str
    edit_url: str
    current: bool
    is_shared: bool
    is_default: bool
    owner: str


def view_chips(actor: Actor, query: str) -> list[ViewChip]:
    """The views that the post has, its own first; the one that shows just now is current."""
    rows = SavedView.objects.visible_to(actor).select_related("post").order_by("name", "pk")
    page = reverse("coordination:obligation_list")
    return [
        ViewChip(
            name=row.name,
            url=f"{page}?{row.query or EVERYTHING}",
            edit_url=reverse("coordination:view_edit", args=[row.pk])
            if row.post_id == actor.post_id
            else "",
            current=row.query == query,
            is_shared=row.is_shared,
            is_default=row.is_default and row.post_id == actor.post_id,
            owner="" if row.post_id == actor.post_id else row.post.title,
        )
        for row in sorted(rows, key=lambda row: (row.post_id != actor.post_id, row.name))
    ]


def default_query(actor: Actor) -> str:
    """The filter that the post opens the matrix with; empty if it chose none."""
    own = SavedView.objects.editable_by(actor).filter(is_default=True)
    return own.values_list("query", flat=True).first() or ""
