"""The report of an import, for the command, the page and whoever reads the JSON."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from relais.core.words import Words
from relais.kit.words import number, say
from relais.procurement.decp import SHAPE_NAMES, Shape
from relais.procurement.models import ImportedFile, ImportRejection, ImportRun
from relais.procurement.notices import shape_words

PLACE = re.compile(r"(?:(\d{1,12}) )?\(?line (\d{1,12})\)?")
COUNTS = ("read", "created", "updated", "unchanged", "rejected")


@dataclass(frozen=True, slots=True)
class RejectionReport:
    """A record refused: where it lies, and why."""

    position: str
    reason: Words

    @property
    def place(self) -> str:
        """The place, as said to people."""
        return place_said(self.position)


@dataclass(frozen=True, slots=True)
class FileReport:
    """What one file gave, or why it was refused whole."""

    pk: int
    path: str
    name: str
    shape: str
    encoding: str
    replaced: int
    counts: dict[str, int]
    flags: dict[str, int]
    rejections: tuple[RejectionReport, ...]
    failure: Words | None

    @property
    def shape_words(self) -> Words:
        """The shape, as said to people."""
        if self.shape in SHAPE_NAMES:
            return Words(SHAPE_NAMES[Shape(self.shape)])
        return shape_words(self.shape) or Words(self.shape)

    @property
    def done(self) -> bool:
        """Whether something of the file could be used."""
        return self.failure is None and self.counts["read"] > self.counts["rejected"]


@dataclass(frozen=True, slots=True)
class Report:
    """All the files of one import."""

    files: tuple[FileReport, ...]

    @property
    def totals(self) -> dict[str, int]:
        """Sums over the files that were read."""
        return {name: sum(file.counts[name] for file in self.files) for name in COUNTS}

    @property
    def flags(self) -> dict[str, int]:
        """Records by flag over all the files, most frequent first."""
        every: Counter[str] = Counter()
        for file in self.files:
            every.update(file.flags)
        return dict(every.most_common())

    @property
    def done(self) -> bool:
        """Whether anything could be done at all."""
        return any(file.done for file in self.files)

    def as_dict(self) -> dict[str, Any]:
        """The JSON object that other programs read; its keys are stable."""
        return {
            "files": [_file_dict(file) for file in self.files],
            "totals": {"files": len(self.files), **self.totals, "flags": self.flags},
            "rejections": [
                {"file": file.path, "record": rejection.position, "reason": say(rejection.reason)}
                for file in self.files
                for rejection in file.rejections
            ],
        }


def report_of(run: ImportRun) -> Report:
    """The report of a run, in three queries."""
    files = ImportedFile.objects.filter(run=run).prefetch_related("flag_counts", "rejections")
    return Report(tuple(_report(file) for file in files))


def place_said(position: str) -> str:
    """Where a record lies, in the reader's language: positions are kept as `12 (line 340)` or `line 340`."""
    found = PLACE.fullmatch(position)
    if not found:
        return position
    record, line = found[1], number(int(found[2]))
    if record:
        return _("%(record)s (line %(line)s)") % {"record": number(int(record)), "line": line}
    return _("line %(line)s") % {"line": line}


def failure_words(file: ImportedFile) -> Words | None:
    """Why a file was refused whole, if it was."""
    return Words.from_dict({"text": file.failure, "params": file.failure_params}) if file.failure else None


def rejection_words(rejection: ImportRejection) -> Words:
    """Why a record was refused."""
    return Words.from_dict({"text": rejection.reason_text, "params": rejection.reason_params})


def _report(file: ImportedFile) -> FileReport:
    flags = sorted(file.flag_counts.all(), key=lambda count: (-count.number, count.code))
    return FileReport(
        pk=file.pk,
        path=file.name,
        name=file.short_name,
        shape=file.shape,
        encoding=file.encoding,
        replaced=file.replaced,
        counts={name: getattr(file, name) for name in COUNTS},
        flags={count.code: count.number for count in flags},
        rejections=tuple(
            RejectionReport(rejection.position, rejection_words(rejection))
            for rejection in file.rejections.all()
        ),
        failure=failure_words(file),
    )


def _file_dict(file: FileReport) -> dict[str, Any]:
    told: dict[str, Any] = {
        "path": file.path,
        "shape": file.shape,
        "encoding": file.encoding,
        "replaced": file.replaced,
        **file.counts,
        "flags": file.flags,
    }
    if file.failure is not None:
        told["error"] = say(file.failure)
    return told
