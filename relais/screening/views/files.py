"""Files of an opportunity sheet: sent, downloaded and withdrawn by those who read the sheet."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from relais.core.words import BadValue
from relais.kit.access import concerning, open_to
from relais.kit.actor import ActorRequest
from relais.kit.words import say
from relais.screening import actions
from relais.screening.forms import SheetFileForm, WithdrawalForm
from relais.screening.models import SheetFile
from relais.screening.views.listing import READERS, READING
from relais.screening.views.sheet import lot_asked

MOST_BYTES = 10 * 1024 * 1024
"""Largest file of a sheet, unless the machine takes less."""


@require_POST
@open_to(*READERS, capacity=READING)
def file_add(request: ActorRequest, lot: int) -> HttpResponse:
    found, form = lot_asked(request, lot), SheetFileForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Choose a file to send. Nothing was kept."))
        return back(request, lot)
    file = form.cleaned_data["document"]
    try:
        kept = actions.add_file(
            found,
            file,
            name=file.name,
            about=form.cleaned_data["about"],
            most=min(MOST_BYTES, settings.UPLOAD_MAX_BYTES),
            actor=request.actor,
            at=timezone.now(),
        )
    except BadValue as error:
        messages.error(request, say(error.words))
    else:
        messages.success(request, _("“%(name)s” is on the sheet.") % {"name": kept.name})
    return back(request, lot)


@require_safe
@open_to(*READERS, capacity=READING)
def file_download(request: ActorRequest, lot: int, pk: int) -> HttpResponseBase:
    """The file as it was sent; the download is traced."""
    file = concerning(request, get_object_or_404(files_of(request, lot).present(), pk=pk))
    try:
        content = file.content.open("rb")
    except OSError as error:
        raise Http404(f"The content of file {file.pk} is not in the storage.") from error
    actions.trace_download(file, actor=request.actor, at=timezone.now())
    response = FileResponse(content, as_attachment=True, filename=file.name, content_type=file.content_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_POST
@open_to(*READERS, capacity=READING)
def file_withdraw(request: ActorRequest, lot: int, pk: int) -> HttpResponse:
    file = concerning(request, get_object_or_404(files_of(request, lot).present(), pk=pk))
    form = WithdrawalForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    if not reason:
        messages.error(request, _("Write why the file is withdrawn. Nothing was changed."))
        return back(request, lot)
    actions.withdraw_file(file, reason=reason, actor=request.actor, at=timezone.now())
    messages.success(request, _("The file is withdrawn and its content is erased."))
    return back(request, lot)


def files_of(request: ActorRequest, lot: int) -> Any:
    files = SheetFile.objects.visible_to(request.actor).filter(opportunity__lot_id=lot)
    return files.select_related("opportunity__lot")


def back(request: ActorRequest, lot: int) -> HttpResponse:
    return redirect(f"{reverse('opportunity-detail', args=[request.organisation.slug, lot])}#files")
