"""The only writers of saved views."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from coordination.models import SavedView
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.audit.record import record

MOST = 20


def save_view(
    *, by: Actor, at: datetime, name: str, query: str, is_shared: bool, is_default: bool
) -> SavedView:
    """Keep a filter under a name; a default takes the place of the post's earlier one."""
    own = SavedView.objects.editable_by(by)
    if own.count() >= MOST:
        raise Refused(
            _("Paling banyak %(most)d tampilan per jabatan. Hapus salah satunya.") % {"most": MOST}
        )
    view = SavedView(post_id=by.post_id, query=query, created_at=at)
    return _write(view, "saved_view.create", by, at, name, is_shared, is_default)


def change_view(
    view: SavedView, *, by: Actor, at: datetime, name: str, is_shared: bool, is_default: bool
) -> SavedView:
    """Another name, another reach; what it filters stays."""
    return _write(view, "saved_view.change", by, at, name, is_shared, is_default)


def _write(
    view: SavedView,
    verb: str,
    by: Actor,
    at: datetime,
    name: str,
    is_shared: bool,
    is_default: bool,
) -> SavedView:
    taken = _("Nama ini sudah dipakai untuk tampilan lain.")
    with transaction.atomic():
        others = SavedView.objects.filter(post_id=by.post_id).exclude(pk=view.pk)
        if others.filter(name__iexact=name).exists():
            raise Refused(taken, field="name")
        if is_default:
            others.filter(is_default=True).update(is_default=False)
        view.name, view.is_shared, view.is_default = name, is_shared, is_default
        try:
            with transaction.atomic():
                view.save()
        except IntegrityError as error:  # The same name or default from a second window.
            raise Refused(taken, field="name") from error
        after = {"name": name, "query": view.query, "shared": is_shared, "default": is_default}
        record(verb, view, by=by, at=at, after=after)
    return view


def delete_view(view: SavedView, *, by: Actor, at: datetime) -> None:
    """The name goes; no record is touched."""
    with transaction.atomic():
        record("saved_view.delete", view, by=by, at=at, before={"name": view.name})
        view.delete()
