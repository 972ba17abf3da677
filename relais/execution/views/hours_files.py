"""Send a file of hours in any layout: teach its columns once, check it, store all its months or none."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from relais.execution.actions import hours_files as actions
from relais.execution.forms.hours_files import CheckForm, FrameForm, SendFileForm, TeachForm
from relais.execution.layouts import Layout, guessed
from relais.execution.models import HoursFile, JobContract, Obligation
from relais.execution.queries import hours_files as queries
from relais.execution.queries.hours_files import FileRead, Part
from relais.execution.queries.statements import obligations_declared
from relais.execution.rules import hours_files as rules
from relais.execution.sheets import LARGEST
from relais.execution.views.statements import DECLARING, WRITERS
from relais.kit.access import Stale, open_to
from relais.kit.actor import ActorRequest
from relais.kit.forms import attempt
from relais.kit.uploads import safe_name

SHOWN_PROBLEMS = 50
SHOWN_COLUMNS = 30
MOST_OBLIGATIONS = 200


def own_obligations(request: ActorRequest) -> list[Obligation]:
    found = obligations_declared(request.actor).prefetch_related(None)
    return list(found.select_related("clause", "buyer", "scheme")[:MOST_OBLIGATIONS])


def own_jobs(request: ActorRequest) -> list[JobContract]:
    declared = obligations_declared(request.actor).prefetch_related(None).select_related(None)
    return queries.declarable_jobs(request.actor.organisation_id, declared)


def own_file(request: ActorRequest, pk: int) -> HoursFile:
    return get_object_or_404(HoursFile.objects.visible_to(request.actor), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*WRITERS, capacity=DECLARING)
def hours_file_list(request: ActorRequest) -> HttpResponse:
    """Send a file; take up again one that waits."""
    obligations = own_obligations(request)
    form = SendFileForm(request.POST or None, request.FILES or None, obligations=obligations)
    if form.is_valid():
        kept: list[HoursFile] = []
        if attempt(form, lambda: kept.append(received(request, form))):
            return redirect("hours-file", organisation=request.organisation.slug, pk=kept[0].pk)
    waiting = HoursFile.objects.visible_to(request.actor).select_related("received_by").defer("content")
    context = {"form": form, "waiting": waiting[:20], "days": actions.KEPT_DAYS}
    status = 422 if form.errors else 200
    return render(request, "execution/hours_file_list.html", context, status=status)


def received(request: ActorRequest, form: SendFileForm) -> HoursFile:
    data, at = form.cleaned_data, timezone.now()
    file = actions.receive_file(
        data["file"].read(LARGEST + 1),
        name=safe_name(data["file"].name or ""),
        obligation=data["obligation"],
        actor=request.actor,
        at=at,
    )
    if data["period"]:
        choices = {"period": data["period"]}
        actions.keep_choices(file, choices, obligation=data["obligation"], actor=request.actor)
    return file


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*WRITERS, capacity=DECLARING)
def hours_file(request: ActorRequest, pk: int) -> HttpResponse:
    """What the file says, month by month; what must be corrected or chosen; then the confirmation."""
    file, jobs = own_file(request, pk), own_jobs(request)
    read = queries.file_read(file, jobs, request.actor.on)
    if read.to_teach and request.method != "POST":
        return redirect("hours-file-teach", organisation=request.organisation.slug, pk=file.pk)
    form = CheckForm(request.POST or None, file=file, read=read)
    if form.is_valid():
        if done := acted_on(request, file, form, jobs):
            return done
        if not form.errors:
            return redirect("hours-file", organisation=request.organisation.slug, pk=file.pk)
    status = 422 if form.errors else 200
    return render(request, "execution/hours_file.html", preview_of(file, read, form), status=status)


def acted_on(
    request: ActorRequest, file: HoursFile, form: CheckForm, jobs: list[JobContract]
) -> HttpResponse | None:
    """Keep the choices, then do what was asked; none when the page is shown again."""
    data, act = form.cleaned_data, request.POST.get("act", "keep")
    try:
        actions.keep_choices(file, form.choices, obligation=data["obligation"], actor=request.actor)
        if act not in ("send", "draft"):
            return None
        stored: list[Any] = []
        done = attempt(
            form,
            lambda: stored.extend(
                actions.confirm_file(
                    file,
                    jobs,
                    signed_by=data["signed_by"],
                    send=act == "send",
                    actor=request.actor,
                    at=timezone.now(),
                )
            ),
        )
    except Stale:
        messages.error(request, _("Somebody stored this file or gave it up meanwhile."))
        return redirect("hours-file-list", organisation=request.organisation.slug)
    if not done:
        return None
    text = ngettext("%(number)s month is stored.", "%(number)s months are stored.", len(stored))
    messages.success(request, text % {"number": len(stored)})
    return redirect("statement-list", organisation=request.organisation.slug)


def preview_of(file: HoursFile, read: FileRead, form: CheckForm) -> dict[str, Any]:
    return {
        "file": file,
        "read": read,
        "form": form,
        "problems": read.problems[:SHOWN_PROBLEMS],
        "more_problems": max(len(read.problems) - SHOWN_PROBLEMS, 0),
        "can_store": rules.is_whole(read),
        "faulty": [(field, field.errors) for field in form if field.errors],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*WRITERS, capacity=DECLARING)
def hours_file_teach(request: ActorRequest, pk: int) -> HttpResponse:
    """What the columns of a table mean, proposed by their heads; known again in the next files."""
    file = own_file(request, pk)
    layouts = queries.layouts_of(file.declarant_id)
    parts = queries.parts_of(queries.opened(bytes(file.content), file.name), layouts, file.choices)
    part = part_asked(request, parts)
    if part is None:
        return redirect("hours-file", organisation=request.organisation.slug, pk=file.pk)
    learned = queries.learned_roles(layouts.values())
    form, frame = forms_of(request, part, learned)
    if request.method == "POST" and taught(request, file, part, form, frame):
        left = [one for one in parts if one.layout is None and one.signature != part.signature]
        framed = request.POST.get("act") == "frame"
        name = "hours-file-teach" if left or framed else "hours-file"
        return redirect(name, organisation=request.organisation.slug, pk=file.pk)
    context = {
        "file": file,
        "part": part,
        "parts": parts,
        "form": form,
        "frame": frame,
        "rows": [(row.number, row.cells[:SHOWN_COLUMNS]) for row in queries.shown_rows(part)],
        "letters": queries.letters_of(part.sheet, SHOWN_COLUMNS),
    }
    status = 422 if form.errors or frame.errors else 200
    return render(request, "execution/hours_file_teach.html", context, status=status)


def part_asked(request: ActorRequest, parts: list[Part]) -> Part | None:
    """The table that the address names, else the first one not known yet, else the first one."""
    wanted = request.POST.get("table") or request.GET.get("table", "")
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 6 and int(wanted) < len(parts):
        return parts[int(wanted)]
    return next((part for part in parts if part.layout is None), parts[0] if parts else None)


def forms_of(request: ActorRequest, part: Part, learned: Any) -> tuple[TeachForm, FrameForm]:
    act = request.POST.get("act", "")
    proposed = part.layout or (guessed(part.table, learned) if part.table else Layout())
    table = part.table
    initial = {"header_row": table.header_row if table else 1, "height": table.height if table else 1}
    form = TeachForm(request.POST if act == "teach" else None, part=part, proposed=proposed)
    frame = FrameForm(request.POST if act == "frame" else None, initial=initial)
    return form, frame


def taught(request: ActorRequest, file: HoursFile, part: Part, form: TeachForm, frame: FrameForm) -> bool:
    """Do what was asked of a table: other rows, not read, or the meaning of its columns."""
    act = request.POST.get("act", "")
    if act == "frame":
        if not frame.is_valid():
            return False
        said = frame.frame
        frames = {
            **file.choices.get("frames", {}),
            part.sheet.name: [said.header_row, said.height, said.last_row],
        }
        choices = {**file.choices, "frames": frames}
        return attempt(
            frame,
            lambda: actions.keep_choices(file, choices, obligation=file.obligation, actor=request.actor),
        )
    if act == "teach" and not form.is_valid():
        return False
    layout = form.layout if act == "teach" else Layout(skip=True)
    return attempt(
        form,
        lambda: actions.teach_layout(file, part, layout, actor=request.actor, at=timezone.now()),
    )


@require_POST
@open_to(*WRITERS, capacity=DECLARING)
def hours_file_drop(request: ActorRequest, pk: int) -> HttpResponse:
    """Give a file up."""
    actions.drop_file(own_file(request, pk), actor=request.actor, at=timezone.now())
    messages.success(request, _("The file is forgotten. Nothing was stored."))
    return redirect("hours-file-list", organisation=request.organisation.slug)
