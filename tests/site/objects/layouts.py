"""A file of hours that Corinne sent and has not confirmed, its layout taught: it names people of hers."""

from django.core.files.uploadedfile import SimpleUploadedFile

from relais.execution.actions.hours_files import receive_file, teach_layout
from relais.execution.layouts import guessed
from relais.execution.models import HoursFile
from relais.execution.queries.hours_files import opened, parts_of
from tests.execution.worksite import TODAY, noon
from tests.site.objects import Target, World, example
from tests.site.objects.hours import worksite

HEAD = "Nom;Prénom;août 2024\n"


def content(world: World) -> bytes:
    name = world.canary(world["corinne"].organisation)
    return f"{HEAD}Benali;Amina;10\n;;\n{name};;\n".encode()


def file(world: World) -> HoursFile:
    def make() -> HoursFile:
        site = worksite(world)
        by = {"actor": world["corinne"].actor(TODAY), "at": noon(TODAY)}
        kept = receive_file(content(world), name="aout.csv", obligation=site.obligation, **by)
        (part,) = parts_of(opened(bytes(kept.content), kept.name), {}, {})
        assert part.table is not None
        teach_layout(kept, part, guessed(part.table), **by)
        return kept

    return world.once("hours_file", make)


@example("hours-file-list")
def sending(world: World) -> Target:
    obligation = worksite(world).obligation
    sent = SimpleUploadedFile("aout.csv", f"{HEAD}Benali;Amina;10\n".encode())
    return Target(data={"file": sent, "obligation": obligation.pk})


@example("hours-file")
def checking(world: World) -> Target:
    kept = file(world)
    return Target({"pk": kept.pk}, {"act": "draft", "obligation": kept.obligation_id, "period": ""})


@example("hours-file-teach")
def teaching(world: World) -> Target:
    roles = {"role-0": "last_name", "role-1": "first_name", "role-2": "hours"}
    return Target({"pk": file(world).pk}, {"act": "teach", "table": 0, **roles})


@example("hours-file-drop")
def dropping(world: World) -> Target:
    return Target({"pk": file(world).pk}, {})
