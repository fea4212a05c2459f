from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.audit import queries
from portal.audit.forms import TrailFilter
from portal.audit.models import Entry
from portal.audit.sight import shown
from portal.audit.verify import verify_chain
from portal.web.pagination import paginate


@require_GET
@needs(Permission.AUDIT_VIEW)
def trail(request):
    """The whole trail, newest first, filtered."""
    form = TrailFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    page = paginate(request, queries.trail(request.actor, **wanted), per_page=50)
    page.object_list = shown(page.object_list, request.actor)
    return render(request, "audit/trail.html", {"form": form, "page": page})


@require_GET
@needs(Permission.AUDIT_VIEW)
def entry(request, pk):
    """One entry with what it changed and its seal."""
    row = get_object_or_404(Entry.objects.visible_to(request.actor), pk=pk)
    [found] = shown([row], request.actor)
    context = {
        "entry": found,
        "changes": queries.changes(found),
        "seal": queries.seal_of(found),
    }
    return render(request, "audit/entry.html", context)


@require_GET
@needs(Permission.AUDIT_VIEW)
def verify(request):
    """Recompute the chain now and say whether it holds."""
    return render(request, "audit/verify.html", {"verdict": verify_chain()})
