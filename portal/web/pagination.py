"""Lists in pages. A page number that does not exist shows the nearest one that does."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from rest_framework.pagination import PageNumberPagination

PER_PAGE = 25
# Beyond this nobody reads; it also keeps OFFSET within PostgreSQL's integers.
LAST_PAGE = 100_000


def page_number(text: str | None) -> int:
    """The number asked for, held between 1 and LAST_PAGE; nonsense is page 1."""
    digits = (text or "").strip()
    if not digits.isascii() or not digits.isdigit():
        return 1
    return min(max(int(digits[:10]), 1), LAST_PAGE)


def paginate(
    request: HttpRequest, rows: Any, per_page: int = PER_PAGE, param: str = "page"
) -> Page:
    """The page of rows that the address asks for, with `links`: page numbers and None for gaps."""
    paginator = Paginator(rows, per_page)
    number = min(page_number(request.GET.get(param)), paginator.num_pages)
    page: Any = paginator.page(number)
    page.param = param
    page.links = [
        link if isinstance(link, int) else None
        for link in paginator.get_elided_page_range(number, on_each_side=1, on_ends=1)
    ]
    return page


class ApiPagination(PageNumberPagination):
    """`?page=&page_size=`; at most 200 rows; the answer has count, next, previous, results."""

    page_size_query_param = "page_size"
    max_page_size = 200
