"""The ledger of strength: statement, announcement, move, reversal."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from deployments import actions, exports
from deployments.forms import DeclarationForm, ReversalForm, StatementForm, TransferForm
from deployments.forms.ledger import agencies_of
from deployments.models import StrengthTransfer
from deployments.queries.placements import holds_people
from deployments.queries.statement import RELATED, entry_text, statement_rows
from deployments.queries.statement import statement as read_statement
from deployments.views.reading import running
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import may, require
from portal.audit.record import record_read
from portal.documents.tables import PDF_ROWS
from portal.documents.xlsx import CSV_TYPE, XLSX_TYPE, comma_separated, xlsx
from portal.web.forms import submit, too_late
from portal.web.idempotency import idempotent
from portal.web.pagination import paginate

PDF_TYPE = "application/pdf"


def statement_form(request: HttpRequest, operation, at) -> StatementForm:
    since, until = operation.starts_on, max(operation.starts_on, clock.local(at).date())
    return StatementForm(request.GET or {}, actor=request.actor, since=since, until=until)


@require_GET
@needs(Permission.DEPLOYMENT_VIEW)
def statement(request: HttpRequest) -> HttpResponse:
    """Opening, entries and closing of the accounts in sight that the address asks for."""
    at = clock.now()
    operation = running(at)
    form = statement_form(request, operation, at)
    found = read_statement(request.actor, operation, form.asked, at)
    page = paginate(request, found.lines)
    context = {
        "operation": operation,
        "filter": form,
        "statement": found,
        "page": page,
        "rows": statement_rows(page.object_list, request.actor),
        "query": request.GET.urlencode(),
        "may_edit": may(request.actor, Permission.DEPLOYMENT_EDIT),
        "may_export": may(request.actor, Permission.EXPORT_CREATE),
    }
    return render(request, "deployments/statement.html", context)


@require_GET
@never_cache
@needs(Permission.EXPORT_CREATE)
def export_statement(request: HttpRequest) -> HttpResponse:
    """The statement as it stands on the page, as XLSX, CSV or PDF; the download is recorded."""
    at = clock.now()
    operation = running(at)
    kind = request.GET.get("format", "xlsx")
    if kind not in ("xlsx", "csv", "pdf"):
        raise Http404
    asked = statement_form(request, operation, at).asked
    found = read_statement(request.actor, operation, asked, at)
    if kind == "pdf" and len(found.lines) > PDF_ROWS:
        messages.error(
            request, _("PDF memuat paling banyak %s mutasi; persempit harinya.") % PDF_ROWS
        )
        return redirect(f"{reverse('deployments:statement')}?{request.GET.urlencode()}")
    rows = statement_rows(found.lines, request.actor)
    record_read(operation, by=request.actor, at=at, verb="export_statement")
    if kind == "pdf":
        body, media = exports.statement_pdf(found, rows, operation.name, at), PDF_TYPE
    else:
        sheet = exports.statement_sheet(found, rows, operation.name)
        body = xlsx([sheet]) if kind == "xlsx" else comma_separated(sheet)
        media = XLSX_TYPE if kind == "xlsx" else CSV_TYPE
    name = f"mutasi-kekuatan-{clock.local(at):%Y%m%d-%H%M}.{kind}"
    return HttpResponse(
        body,
        content_type=media,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_http_methods(["GET", "POST"])
@needs(Permission.DEPLOYMENT_EDIT)
@idempotent
def declare(request: HttpRequest) -> HttpResponse:
    """Announce the total of an agency."""
    at = clock.now()
    form = DeclarationForm(
        request.POST or None,
        actor=request.actor,
        initial={"as_of": at, "agency": request.actor.agency_id},
    )
    if request.method == "POST" and submit(
        request,
        form,
        lambda: actions.declare_strength(running(at), **form.values, by=request.actor, at=at),
    ):
        messages.success(request, _("Kekuatan dinyatakan."))
        return redirect("deployments:strength")
    return render(request, "deployments/declare_form.html", {"form": form})


@require_http_methods(["GET", "POST"])
@needs(Permission.DEPLOYMENT_EDIT)
@idempotent
def transfer_create(request: HttpRequest) -> HttpResponse:
    """Move people from one account to another place."""
    at = clock.now()
    operation = running(at)
    form = TransferForm(
        request.POST or None,
        actor=request.actor,
        operation=operation,
        today=clock.today(),
        initial={"effective_on": clock.today(), "source": request.GET.get("source")},
    )
    if request.method == "POST":
        moved = submit(request, form, lambda: _transfer(request, form.values, at))
        if moved:
            messages.success(request, _("Mutasi dicatat."))
            return redirect("deployments:statement")
    context = {
        "form": form,
        "tied": not form.movable and holds_people(operation, agencies_of(request.actor)),
    }
    return render(request, "deployments/transfer_form.html", context)


def _transfer(request: HttpRequest, values: dict, at) -> StrengthTransfer:
    source = values["source"]
    require(request.actor, Permission.DEPLOYMENT_EDIT, source)
    return actions.transfer(source, values, by=request.actor, at=at)


@require_http_methods(["GET", "POST"])
@needs(Permission.DEPLOYMENT_EDIT)
@idempotent
def transfer_reverse(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an entry back, with a reason."""
    rows = StrengthTransfer.objects.visible_to(request.actor)
    entry = get_object_or_404(rows.select_related(*RELATED), pk=pk)
    require(request.actor, Permission.DEPLOYMENT_EDIT, entry)
    if request.method == "GET" and too_late(request, lambda: actions.refuse_reversal(entry)):
        return redirect("deployments:statement")
    form = ReversalForm(request.POST or None)
    if request.method == "POST" and submit(
        request,
        form,
        lambda: actions.reverse_transfer(entry, **form.values, by=request.actor, at=clock.now()),
    ):
        messages.success(request, _("Mutasi dibalik; keduanya tetap tercatat."))
        return redirect("deployments:statement")
    context = {"form": form, "entry": entry, "text": entry_text(entry)}
    return render(request, "deployments/reversal_form.html", context)
