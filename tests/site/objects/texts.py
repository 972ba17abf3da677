"""A library loaded by Clara, with a draft and a proposal of hers; the kit of an awarded clause."""

from relais.clauses.actions import (
    approve_shipped,
    load_library,
    open_library,
    propose_version,
    write_version,
)
from relais.clauses.models import LibraryText, TextVersion
from tests.clauses.factories import noon
from tests.site.objects import Target, World, example
from tests.site.objects.clauses import DAY, awarded

WORDS = {"body": "Le {{ titulaire }} choisit librement.", "note": "Plus court"}
PLACE = {"title": "Choix des moyens", "document": "conditions"}


def loaded(world: World) -> LibraryText:
    def make() -> LibraryText:
        for name in ("clara", "sam"):
            scheme = world.cast.scheme if name == "clara" else world.cast.other_scheme
            load_library(scheme, actor=world[name].actor(), at=noon(DAY))
        body = world.canary(world["sam"].organisation)
        TextVersion.objects.filter(text__scheme=world.cast.other_scheme).update(body=body, note=body)
        LibraryText.objects.filter(scheme=world.cast.other_scheme).update(title=body)
        TextVersion.objects.filter(text__scheme=world.cast.other_scheme).update(title=body)
        awarded(world)
        return LibraryText.objects.get(scheme=world.cast.scheme, key="conditions-ways")

    return world.once("library", make)


def a_version(world: World, *, proposed: bool) -> TextVersion:
    def make() -> TextVersion:
        clara = world["clara"].actor()
        version = write_version(loaded(world), **WORDS, actor=clara, at=noon(DAY))
        if proposed:
            propose_version(version, actor=clara, at=noon(DAY))
        return version

    return world.once(f"version {proposed}", make)


@example("text-list", "text-load")
def the_library(world: World) -> Target:
    loaded(world)
    return Target()


@example("text-approve")
def to_approve_together(world: World) -> Target:
    loaded(world)
    return Target({"document": "grid"})


@example("text-detail", "text-compare")
def a_text(world: World) -> Target:
    return Target({"pk": a_version(world, proposed=True).text_id})


@example("text-write")
def to_write(world: World) -> Target:
    return Target({"pk": loaded(world).pk}, data=WORDS | PLACE)


@example("text-add")
def to_add(world: World) -> Target:
    loaded(world)
    return Target(data=WORDS | PLACE)


def open_texts(world: World) -> LibraryText:
    """The library of the first scheme is public; its drafts and its proposals are for its own bodies."""

    def make() -> LibraryText:
        text = loaded(world)
        approve_shipped(world.cast.scheme, "grid", actor=world["paula"].actor(), at=noon(DAY))
        secret = {**WORDS, "body": world.secret("draft of a text", "clara")}
        write_version(text, **secret, actor=world["clara"].actor(), at=noon(DAY))
        open_library(world.cast.scheme, actor=world["carole"].actor(), at=noon(DAY))
        return text

    return world.once("open library", make)


@example("library-open")
def to_open(world: World) -> Target:
    loaded(world)
    return Target()


@example("library-close")
def to_close(world: World) -> Target:
    open_texts(world)
    return Target()


@example("public-texts")
def a_public_page(world: World) -> Target:
    open_texts(world)
    return Target({"scheme": world.cast.scheme.slug})


@example("public-texts-file")
def a_public_file(world: World) -> Target:
    open_texts(world)
    return Target({"scheme": world.cast.scheme.slug, "kind": "odt"})


@example("version-propose")
def to_propose(world: World) -> Target:
    version = a_version(world, proposed=False)
    return Target({"pk": version.text_id, "version": version.pk})


@example("version-approve")
def to_approve(world: World) -> Target:
    version = a_version(world, proposed=True)
    return Target({"pk": version.text_id, "version": version.pk})


@example("version-withdraw")
def to_withdraw(world: World) -> Target:
    version = a_version(world, proposed=True)
    return Target({"pk": version.text_id, "version": version.pk}, data={"reason": "Trop court"})


@example("clause-kit")
def a_kit(world: World) -> Target:
    return Target({"pk": awarded(world).pk})


@example("clause-kit-file")
def a_file_of_the_kit(world: World) -> Target:
    return Target({"pk": awarded(world).pk, "part": "ensemble", "kind": "odt"})
