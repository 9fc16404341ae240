"""Acts on a report: start, write, strike, send, return, clear, issue, correct. Each view makes one call."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from fairwitness.record.verbs import Verb
from fairwitness.report.compose import offer
from fairwitness.report.correct import correct
from fairwitness.report.draft import start_report
from fairwitness.report.issue import issue
from fairwitness.report.read import open_report
from fairwitness.report.review import clear, return_to_authors, submit
from fairwitness.report.write import lines_of, next_number, paragraph_of, strike, write_paragraph
from fairwitness.web.ask import page, told
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.report_forms import ClearForm, ParagraphForm, ReasonForm, ReportForm, ReturnForm


@door(Verb.REPORT_DRAFT, "GET", "POST")
def start(request: StaffRequest) -> HttpResponse:
    """Start a report."""
    form = ReportForm(request.POST if request.method == "POST" else None, hand=request.hand)
    if request.method == "POST" and form.is_valid():
        with told(form):
            made = start_report(**form.given(), thing_id=form.new_id(), by=request.hand)
            return redirect("web:report_page", made.slug)
    return page(request, "web/report/report_form.html", {"form": form, "verb_now": "report"})


@door(Verb.REPORT_WRITE, "GET", "POST")
def write(request: StaffRequest, slug: str, number: int = 0) -> HttpResponse:
    """Write a paragraph, or change one. `?offer=` fills the form with what the period offers."""
    report = open_report(slug, by=request.hand)
    paragraph = paragraph_of(report, number) if number else None
    if paragraph is not None:
        initial = {"number": number, "heading": paragraph.heading, "text": paragraph.text, "citations": lines_of(paragraph)}
        initial["base"] = paragraph.entry
    else:
        taken = next((one for one in offer(report, by=request.hand) if one.key == request.GET.get("offer")), None)
        initial = {"number": next_number(report)}
        initial |= {"heading": taken.heading, "text": taken.text, "citations": taken.lines} if taken else {}
    form = ParagraphForm(request.POST if request.method == "POST" else None, hand=request.hand, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with told(form):
            write_paragraph(
                report, number or data["number"], data["heading"], data["text"], data["citations"], by=request.hand, base=data["base"]
            )
            return redirect(f"{reverse('web:report_page', args=[report.slug])}#p{number or data['number']}")
    context = {"form": form, "report": report, "number": number, "marking": report.marking(), "verb_now": "report"}
    return page(request, "web/report/paragraph_form.html", context)


@door(Verb.REPORT_WRITE)
def offered(request: StaffRequest, slug: str) -> HttpResponse:
    """Paragraphs the period offers: take one, re-word it, or leave it."""
    report = open_report(slug, by=request.hand)
    context = {"report": report, "offers": offer(report, by=request.hand), "marking": report.marking(), "verb_now": "report"}
    return page(request, "web/report/offers.html", context)


@door(Verb.REPORT_WRITE, "GET", "POST")
def strike_paragraph(request: StaffRequest, slug: str, number: int) -> HttpResponse:
    """Take a paragraph out, saying why."""
    report = open_report(slug, by=request.hand)
    paragraph = paragraph_of(report, number)
    form = ReasonForm(request.POST if request.method == "POST" else None, hand=request.hand, initial={"base": paragraph.entry})
    if request.method == "POST" and form.is_valid():
        with told(form):
            strike(paragraph, form.cleaned_data["why"], by=request.hand, base=form.cleaned_data["base"])
            return redirect("web:report_page", report.slug)
    context = {"form": form, "report": report, "paragraph": paragraph, "marking": report.marking(), "verb_now": "report"}
    return page(request, "web/report/strike_form.html", context)


@door(Verb.REPORT_SUBMIT, "POST")
def send(request: StaffRequest, slug: str) -> HttpResponse:
    """Send the draft to clearance."""
    submit(open_report(slug, by=request.hand), by=request.hand)
    return redirect("web:report_page", slug)


@door(Verb.REPORT_RETURN, "GET", "POST")
def give_back(request: StaffRequest, slug: str) -> HttpResponse:
    """Return the report to its authors."""
    report = open_report(slug, by=request.hand)
    form = ReturnForm(request.POST if request.method == "POST" else None, hand=request.hand)
    if request.method == "POST" and form.is_valid():
        with told(form):
            return_to_authors(report, form.cleaned_data["note"], by=request.hand)
            return redirect("web:report_page", slug)
    context = {"form": form, "report": report, "marking": report.marking(), "verb_now": "report"}
    return page(request, "web/report/return_form.html", context)


@door(Verb.REPORT_CLEAR, "POST")
def clear_report(request: StaffRequest, slug: str) -> HttpResponse:
    """Clear the report."""
    form = ClearForm(request.POST, hand=request.hand)
    report = open_report(slug, by=request.hand)
    clear(report, form.cleaned_data["note"] if form.is_valid() else "", by=request.hand)
    return redirect("web:report_page", slug)


@door(Verb.REPORT_ISSUE, "POST")
def issue_report(request: StaffRequest, slug: str) -> HttpResponse:
    """Issue a cleared report."""
    issue(open_report(slug, by=request.hand), by=request.hand)
    return redirect("web:report_page", slug)


@door(Verb.REPORT_CORRECT, "GET", "POST")
def correct_report(request: StaffRequest, slug: str) -> HttpResponse:
    """Start a correction of an issued report."""
    report = open_report(slug, by=request.hand)
    form = ReasonForm(request.POST if request.method == "POST" else None, hand=request.hand)
    if request.method == "POST" and form.is_valid():
        with told(form):
            made = correct(report, form.cleaned_data["why"], by=request.hand, thing_id=form.new_id())
            return redirect("web:report_page", made.slug)
    context = {"form": form, "report": report, "marking": report.marking(), "verb_now": "report"}
    return page(request, "web/report/correct_form.html", context)


urls = [
    path("report/new/", start, name="report_start"),
    path("report/<slug:slug>/offers/", offered, name="report_offers"),
    path("report/<slug:slug>/write/", write, name="report_write"),
    path("report/<slug:slug>/write/<int:number>/", write, name="report_paragraph"),
    path("report/<slug:slug>/strike/<int:number>/", strike_paragraph, name="report_strike"),
    path("report/<slug:slug>/send/", send, name="report_send"),
    path("report/<slug:slug>/return/", give_back, name="report_return"),
    path("report/<slug:slug>/clear/", clear_report, name="report_clear"),
    path("report/<slug:slug>/issue/", issue_report, name="report_issue"),
    path("report/<slug:slug>/correct/", correct_report, name="report_correct"),
]
