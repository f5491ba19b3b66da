import pytest
from django.core.exceptions import PermissionDenied
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory

from config.middleware import ActorTransaction, known_encoding, no_nul, no_store
from proms import access
from proms.models import Region
from tests.factories import make_client, make_region

REQUEST = RequestFactory().get("/overview/")


def actor():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('utfall.actor', true)")
        return cursor.fetchone()[0]


def answer(view):
    """Let a view answer as Django does: its exception is told to the middleware, then answered."""

    def respond(request):
        try:
            return view(request)
        except Exception as error:
            middleware.process_exception(request, error)
            return HttpResponse(status=403 if isinstance(error, PermissionDenied) else 500)

    middleware = ActorTransaction(respond)
    return middleware(REQUEST)


@pytest.mark.django_db(transaction=True)
def test_a_request_begins_as_nobody_in_a_transaction():
    seen = []

    def respond(request):
        seen.append((actor(), connection.in_atomic_block))
        return HttpResponse()

    answer(respond)

    assert seen == [("nobody", True)]
    assert not connection.in_atomic_block


@pytest.mark.django_db(transaction=True)
def test_an_actor_is_forgotten_with_its_request():
    client = make_client()
    seen = []

    def act(_request):
        access.act_as(access.client_actor(client))
        seen.append(actor())
        return HttpResponse()

    answer(act)

    assert seen == [f"client:{client.pk}"]
    assert not actor()


@pytest.mark.django_db(transaction=True)
def test_what_a_request_wrote_is_kept():
    answer(lambda _: HttpResponse(str(make_region().pk)))

    assert Region.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [ZeroDivisionError, PermissionDenied])
def test_a_request_that_raises_leaves_nothing_behind(error):
    def fail(_request):
        make_region()
        raise error

    answer(fail)

    assert not Region.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_request_that_ends_in_a_fault_leaves_nothing_behind():
    answer(lambda _: HttpResponse(str(make_region().pk), status=500))

    assert not Region.objects.exists()


@pytest.mark.parametrize(("path", "is_kept"), [("/overview/", False), ("/static/app.css", True)])
def test_caches_keep_nothing_but_static_files(path, is_kept):
    response = no_store(lambda _: HttpResponse())(RequestFactory().get(path))

    assert ("no-store" not in response.headers.get("Cache-Control", "")) is is_kept


@pytest.mark.parametrize(
    ("address", "status"), [("/x/?q=%00", 400), ("/x/?q=%2600", 200), ("/x/?q=0", 200)]
)
def test_parameter_with_a_nul_is_refused_before_any_view(address, status):
    respond = no_nul(lambda _: HttpResponse())

    assert respond(RequestFactory().get(address)).status_code == status


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("text/plain; charset=zip", "400 Bad Request"),
        ("text/plain; charset=idna", "400 Bad Request"),
        ("text/plain; charset=UTF-16", "400 Bad Request"),
        ("text/plain; charset=UTF8", "200 OK"),
        ("text/plain; charset=ISO-8859-1", "200 OK"),
        ("text/plain; charset=unheard-of", "200 OK"),
        ("", "200 OK"),
    ],
)
def test_an_encoding_that_is_none_of_text_never_reaches_django(content_type, status):
    said = []

    def application(environ, start_response):
        WSGIRequest(environ).GET.get("q")
        start_response("200 OK", [])
        return []

    environ = RequestFactory().get("/", {"q": "1"}).environ | {"CONTENT_TYPE": content_type}
    known_encoding(application)(environ, lambda code, headers: said.append(code))

    assert said == [status]
