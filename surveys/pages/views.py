"""The patient's pages: the way in, one question at a time, review, and receipt."""

import uuid
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_safe
from django.views.i18n import set_language

from proms.models import Patient
from surveys import answering, identity, links, sheets
from surveys.answering import Session
from surveys.links import DeadLink, Level
from surveys.models import Occasion
from surveys.pages import progress, sessions, showing
from surveys.pages.forms import QuestionForm
from surveys.sheets import Question, Sheet, UnknownQuestion

PAGE = ["GET", "HEAD", "POST"]
LOGIN_COOKIE = f"{settings.PATIENT_COOKIE_NAME}-login"

# A page without referrer sends no origin either, so Django's check of it cannot pass. The token
# in the address is a secret of its own, and a language harms nobody.
language = csrf_exempt(set_language)


@csrf_exempt
@require_http_methods(PAGE)
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Show who asks; only the button lets anyone in, as mail scanners follow links."""
    now = timezone.now()
    try:
        occasion, level = links.occasion_by_token(token, now)
    except DeadLink:
        raise Http404 from None
    sessions.act_as_visitor(occasion.pk, level)
    sheet = sheets.read(occasion.pk).at(now)
    spoken = _language(request, sheet)
    translation.activate(spoken)
    if not links.is_enough(level, wanted=sheet.plan.identity_level):
        login = links.inbox_query(occasion.pk)
        response = _start_page(request, sheet, is_link=True, login=login)
    elif request.method == "POST":
        session = answering.enter(occasion.pk, level=level, language=spoken, now=now)
        response = _onward(sheet.spoken(spoken))
        sessions.offer(response, session, now=now)
    else:
        response = _start_page(request, sheet, is_link=True)
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Send whoever comes from the 1177 inbox to log in; the login is the link's secret."""
    try:
        occasion_id = uuid.UUID(request.GET.get("occasion", ""))
    except ValueError:
        raise Http404 from None
    try:
        login = identity.begin(occasion_id)
    except identity.ProviderDown:
        return _login_failed(request, occasion_id, status=503)
    response = HttpResponseRedirect(login.url)
    _keep_login(response, login.cookie)
    return response


@require_GET
def returned(request: HttpRequest) -> HttpResponse:
    """Let in whoever logged in, if the occasion is theirs."""
    now, cookie = timezone.now(), request.COOKIES.get(LOGIN_COOKIE, "")
    try:
        identified = identity.finish(request.GET.dict(), cookie=cookie, now=now)
    except identity.NotIdentified:
        return _login_failed(request, _wanted(cookie), status=403)
    except identity.ProviderDown:
        return _login_failed(request, _wanted(cookie), status=503)
    sessions.act_as_visitor(identified.occasion_id, Level.STRONG)
    sheet = _sheet_of(identified)
    session = answering.enter(
        sheet.occasion.pk, level=Level.STRONG, language=_language(request, sheet), now=now
    )
    response = redirect("pages:start", sheet.occasion.pk)
    sessions.offer(response, session, now=now)
    _keep_login(response, "")
    return response


@require_http_methods(PAGE)
@sessions.required
def start(request: HttpRequest, session: Session) -> HttpResponse:
    sheet = answering.sheet_to_read(session, now=timezone.now())
    _speak(sheet, session)
    return _onward(sheet) if request.method == "POST" else _start_page(request, sheet)


@require_http_methods(PAGE)
@sessions.required
def question(request: HttpRequest, session: Session, instrument: str, item: str) -> HttpResponse:
    key, now = (instrument, item), timezone.now()
    try:
        if request.method == "POST":
            return _answer(request, session, answering.sheet_to_change(session, now=now), key)
        sheet = answering.sheet_to_read(session, now=now)
        return _question_page(request, session, sheet, sheet.find(key))
    except UnknownQuestion:
        return redirect("pages:start", session.occasion_id)


@require_http_methods(PAGE)
@sessions.required
def review(request: HttpRequest, session: Session) -> HttpResponse:
    now = timezone.now()
    if request.method == "POST":
        return _submit(session, now)
    sheet = answering.sheet_to_read(session, now=now)
    if sheet.first_unanswered():
        return _onward(sheet)
    _speak(sheet, session)
    lines = list(showing.review_lines(sheet, session))
    context = {"sheet": sheet, "lines": lines, "back": lines[-1].url.partition("?")[0]}
    return render(request, "surveys/review.html", context)


@require_safe
@sessions.required
def receipt(request: HttpRequest, session: Session) -> HttpResponse:
    sheet = sheets.read(session.occasion_id)
    if not session.may_read_receipt(sheet.occasion):
        raise Http404
    _speak(sheet, session)
    own = sheet.occasion.submitted_session == session.id
    return render(request, "surveys/receipt.html", {"sheet": sheet, "is_own": own})


@require_safe
def later(request: HttpRequest) -> HttpResponse:
    translation.activate(sessions.chosen_language(request) or settings.LANGUAGE_CODE)
    return render(request, "surveys/later.html")


def _submit(session: Session, now: datetime) -> HttpResponse:
    try:
        answering.submit(session, now=now)
    except answering.Unanswered:
        return redirect("pages:review", session.occasion_id)
    return redirect("pages:receipt", session.occasion_id)


def _answer(
    request: HttpRequest, session: Session, sheet: Sheet, key: tuple[str, str]
) -> HttpResponse:
    """Take the answer to one question of a locked sheet, and lead on."""
    asked, wants_to_stop = sheet.find(key), "later" in request.POST
    standing = sheet.given.get(asked.key)
    hidden = standing is not None and not session.may_read(standing)
    form = QuestionForm(asked.item, may_be_empty=hidden or wants_to_stop, data=request.POST)
    translation.activate(sheet.language_of(asked.part))
    if not form.is_valid():
        return _question_page(request, session, sheet, asked, form)
    saved = answering.Saved(sheet, is_stale=False)
    if not form.is_empty:
        saved = answering.answer(
            sheet,
            asked,
            value=form.cleaned_data["answer"],
            seen=form.cleaned_data["revision"],
            by=session,
            now=timezone.now(),
        )
    if wants_to_stop:
        return _stopped(session)
    told = _told(saved, asked, before=sheet)
    # Who answers a question for the first time need not pass those answered before.
    goes_on = standing is None or "review" in request.POST
    return _onward(saved.sheet, told) if goes_on else _next(session, saved.sheet, asked, told)


def _told(saved: answering.Saved, asked: Question, *, before: Sheet) -> str:
    """Return what the next page is to say: that it was overtaken, begins anew, or asks more."""
    if saved.is_stale:
        return "newer"
    lost = len(saved.sheet.given) < len(before.given)
    # The first question of what begins anew has said so itself.
    if asked.part.code in saved.sheet.renewed and (lost or not before.opens_part(asked)):
        return "anew"
    grew = saved.sheet.likely_left(asked.part) > before.likely_left(asked.part)
    return "more" if grew and asked.key in before.given else "saved"


def _next(session: Session, sheet: Sheet, asked: Question, told: str) -> HttpResponse:
    """Lead to the question after one that was answered before."""
    hidden = {key for key, given in sheet.given.items() if not session.may_read(given)}
    following = next((each for each in sheet.after(asked) if each.key not in hidden), None)
    return _to(sheet, following, told) if following else _onward(sheet, told)


def _onward(sheet: Sheet, told: str = "") -> HttpResponseRedirect:
    """Lead to the first question without an answer, or to the review."""
    return _to(sheet, sheet.first_unanswered(), told)


def _to(sheet: Sheet, asked: Question | None, told: str) -> HttpResponseRedirect:
    name, key = ("question", asked.key) if asked else ("review", ())
    response = redirect(f"pages:{name}", sheet.occasion.pk, *key)
    response["Location"] += f"?{told}" if told else ""
    return response


def _stopped(session: Session) -> HttpResponse:
    response = redirect("pages:later")
    sessions.forget(response, session.occasion_id)
    return response


def _question_page(
    request: HttpRequest,
    session: Session,
    sheet: Sheet,
    asked: Question,
    form: QuestionForm | None = None,
) -> HttpResponse:
    form = form or QuestionForm(asked.item, may_be_empty=True)
    context = showing.question_page(sheet, asked, session, form)
    context["is_review"] = "review" in request.GET or "review" in request.POST
    # No page mixes languages: the shell follows the instrument, which keeps its first.
    translation.activate(context["language"])
    return render(request, "surveys/question.html", context, status=422 if form.is_bound else 200)


def _start_page(
    request: HttpRequest, sheet: Sheet, *, is_link: bool = False, login: str = ""
) -> HttpResponse:
    length = progress.length(sheet)
    context = {
        "sheet": sheet,
        "length": length,
        "name": showing.says(sheet.plan.names, translation.get_language()),
        "register": sheet.occasion.enrolment.survey_version.survey.register.name,
        "role": sheet.plan.role,
        "minutes": max(2, round(sum(length) / 8)),
        "is_link": is_link,
        "login": login,
    }
    return render(request, "surveys/start.html", context)


def _speak(sheet: Sheet, session: Session) -> None:
    translation.activate(sheet.plan.language_for(session.language))


def _language(request: HttpRequest, sheet: Sheet) -> str:
    """Return the language chosen in this browser, or the patient's, if the survey has it."""
    of_patient = Patient.objects.filter(enrolments=sheet.occasion.enrolment_id)
    wished = sessions.chosen_language(request) or of_patient.values_list("language", flat=True)[0]
    return sheet.plan.language_for(wished)


def _sheet_of(identified: identity.Identified) -> Sheet:
    """Return the sheet of the occasion that someone logged in for, if it is theirs."""
    try:
        sheet = sheets.read(identified.occasion_id)
    except Occasion.DoesNotExist:
        raise Http404 from None
    theirs = Patient.objects.with_person_id(identified.person_id)
    if not theirs.filter(enrolments=sheet.occasion.enrolment_id).exists():
        raise Http404
    return sheet


def _wanted(cookie: str) -> uuid.UUID | None:
    try:
        return identity.occasion_of(cookie)
    except identity.NotIdentified:
        return None


def _keep_login(response: HttpResponse, cookie: str) -> None:
    """Keep a login under way in the browser; an empty one ends it."""
    response.set_cookie(
        LOGIN_COOKIE,
        cookie,
        max_age=identity.LOGIN_SECONDS if cookie else 0,
        path="/1177/",
        secure=settings.IS_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _login_failed(
    request: HttpRequest, occasion_id: uuid.UUID | None, *, status: int
) -> HttpResponse:
    again = links.inbox_query(occasion_id) if occasion_id else ""
    return render(request, "surveys/login_failed.html", {"again": again}, status=status)
