from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page, require_GET, require_http_methods

from portal import clock
from portal.access.decorators import needs, public
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.registry import actions, forms, queries
from portal.registry.models import Agency, Holiday, Operation, Region
from portal.web.forms import submit
from portal.web.idempotency import idempotent
from portal.web.pagination import paginate

REGENCY, DISTRICT = Region.Level.REGENCY, Region.Level.DISTRICT


@require_GET
@public
@conditional_page
@gzip_page
@cache_control(public=True, max_age=86_400)
def outlines(request):
    """The outlines of regencies and districts, under which a point is shown by hand: for forms that
    also people without an account fill in. They are published data."""
    parts = [queries.boundary_collection(level)[0] for level in (REGENCY, DISTRICT)]
    body = b'{"regencies":%s,"districts":%s}' % tuple(parts)
    return HttpResponse(body, content_type="application/json")


@require_GET
@needs(Permission.REGISTRY_VIEW)
def agency_list(request):
    context = {"agencies": queries.agency_list(request.actor)}
    return render(request, "registry/agency_list.html", context)


@require_GET
@needs(Permission.REGISTRY_VIEW)
def agency_detail(request, slug):
    agency = get_object_or_404(Agency.objects.visible_to(request.actor), slug=slug)
    context = {"agency": agency, "units": queries.unit_tree(agency)}
    return render(request, "registry/agency_detail.html", context)


@require_GET
@needs(Permission.REGISTRY_VIEW)
def region_list(request):
    rows = queries.region_rows(request.actor)
    context = {"regions": rows, "kinds": queries.SHOWN, "totals": queries.totals(rows)}
    return render(request, "registry/region_list.html", context)


@require_GET
@needs(Permission.REGISTRY_VIEW)
def region_detail(request, code):
    regions = Region.objects.visible_to(request.actor).select_related("parent__parent__parent")
    region = get_object_or_404(regions, code=code)
    at = clock.now()
    operation = queries.current_operation(at)
    context = {
        "region": region,
        "lineage": queries.lineage(region),
        "figures": queries.region_figures(region),
        "units": queries.units_covering(region),
        "parts": queries.parts_of(region),
        "operation": operation,
        "stage": queries.main_stage(operation, at) if operation else None,
    }
    return render(request, "registry/region_detail.html", context)


@require_GET
@needs(Permission.REGISTRY_VIEW)
def operation_detail(request, slug):
    operation = get_object_or_404(Operation.objects.visible_to(request.actor), slug=slug)
    at = clock.now()
    rows = queries.stage_rows(operation, at)
    context = {
        "operation": operation,
        "stages": rows,
        "running": [row for row in rows if row.running],
        "main_stage": queries.main_stage(operation, at),
        "next_stage": queries.next_stage(operation, at),
        "at": at,
    }
    return render(request, "registry/operation_detail.html", context)


@require_GET
@needs(Permission.REGISTRY_VIEW)
def place_list(request):
    """Posko, groups of polling stations, warehouses and offices of the running operation."""
    operation = _running()
    form = forms.PlaceFilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    places = queries.places(
        request.actor, operation, region=chosen.get("region"), kind=chosen.get("kind") or ""
    )
    page = paginate(request, places)
    edits = may(request.actor, Permission.PLACE_EDIT)
    context = {
        "filter": form,
        "operation": operation,
        "page": page,
        "rows": queries.place_rows(page.object_list),
        "may_edit": edits,
        "may_import": edits and may(request.actor, Permission.IMPORT_CREATE),
    }
    return render(request, "registry/place_list.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.PLACE_EDIT)
@idempotent
def place_add(request):
    operation = _running()
    form = forms.PlaceForm(request.POST or None, actor=request.actor)
    if request.method == "POST":
        row = submit(
            request,
            form,
            lambda: actions.add_place(operation, form.values, by=request.actor, at=clock.now()),
        )
        if row:
            messages.success(request, _("Tempat didaftarkan."))
            return redirect(f"{reverse('registry:place_list')}?region={row.district_id[:5]}")
    return render(request, "registry/place_form.html", {"form": form})


def _running():
    operation = queries.current_operation(clock.now())
    if operation is None:
        raise Http404
    return operation


@require_GET
@needs(Permission.REGISTRY_VIEW)
def holiday_list(request):
    """The holidays of one year (`tahun`), the running one at first."""
    at = clock.now()
    years = queries.holiday_years(request.actor, at)
    wanted = request.GET.get("tahun", "")
    year = next((year for year in years if str(year) == wanted), clock.local(at).year)
    may_edit = may(request.actor, Permission.REGISTRY_EDIT)
    context = {
        "tabs": [
            {"label": str(known), "url": f"?tahun={known}", "current": known == year}
            for known in years
        ],
        "year": str(year),
        "holidays": queries.holiday_rows(request.actor, year, removed=may_edit),
        "may_edit": may_edit,
    }
    return render(request, "registry/holiday_list.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.REGISTRY_EDIT)
@idempotent
def holiday_add(request):
    form = forms.NewHolidayForm(request.POST or None)
    if request.method == "POST":
        row = submit(
            request,
            form,
            lambda: actions.add_holiday(by=request.actor, at=clock.now(), **form.values),
        )
        if row:
            messages.success(request, _("Hari ditambahkan ke kalender."))
            return _year_page(row)
    context = {"form": form, "title": _("Tambah hari")}
    return render(request, "registry/holiday_form.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.REGISTRY_EDIT)
@idempotent
def holiday_edit(request, pk):
    holiday = get_object_or_404(Holiday.objects.visible_to(request.actor).in_use(), pk=pk)
    form = forms.HolidayForm(request.POST or None, holiday=holiday)
    if request.method == "POST" and submit(
        request,
        form,
        lambda: actions.edit_holiday(
            holiday, by=request.actor, at=clock.now(), version=form.version, **form.values
        ),
    ):
        messages.success(request, _("Kalender diubah."))
        return _year_page(holiday)
    context = {"form": form, "holiday": holiday, "title": _("Ubah hari")}
    return render(request, "registry/holiday_form.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.REGISTRY_EDIT)
@idempotent
def holiday_remove(request, pk):
    """Take a day out, with a reason."""
    holiday = get_object_or_404(Holiday.objects.visible_to(request.actor).in_use(), pk=pk)
    form = forms.RemoveHolidayForm(request.POST or None, holiday=holiday)
    if request.method == "POST" and submit(
        request,
        form,
        lambda: actions.remove_holiday(
            holiday, by=request.actor, at=clock.now(), version=form.version, **form.values
        ),
    ):
        messages.success(request, _("Hari dihapus dari kalender."))
        return _year_page(holiday)
    context = {"form": form, "holiday": holiday, "title": _("Hapus hari")}
    return render(request, "registry/holiday_form.html", context)


def _year_page(holiday):
    return redirect(f"{reverse('registry:holiday_list')}?tahun={holiday.date.year}")
