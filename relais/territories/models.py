"""The official geography of France, and the territories that schemes and bodies draw on it.

Official rows are keyed by their official code (INSEE, SIREN, La Poste): codes are what files carry,
and two loads of the same list give the same rows. A code is only unique inside its own table.
"""

from collections.abc import Collection
from typing import Self

from django.db import models
from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.translation import gettext_lazy as _

from .enums import AliasKind, EpciKind, TerritoryKind
from .names import fold


class Region(models.Model):
    """A region as it is since 2016. Regions abolished then are in `places.toml`."""

    code = models.CharField(_("INSEE code"), max_length=3, primary_key=True)
    name = models.CharField(_("name"), max_length=60)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class DepartmentQuerySet(models.QuerySet["Department"]):
    def for_territory(self, territory: "Territory") -> Self:
        """Departments the territory touches, wholly or in part."""
        parts = Commune.objects.filter(
            Q(epci__in=territory.epcis.all()) | Q(code__in=territory.communes.values("code"))
        )
        own = territory.departments.values("code")
        return self.filter(Q(code__in=own) | Q(code__in=parts.values("department")))


class Department(models.Model):
    code = models.CharField(_("INSEE code"), max_length=3, primary_key=True)
    name = models.CharField(_("name"), max_length=60)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="departments", verbose_name=_("region")
    )

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class Arrondissement(models.Model):
    """A State district inside a department: its code is the department's and one digit."""

    code = models.CharField(_("INSEE code"), max_length=4, primary_key=True)
    name = models.CharField(_("name"), max_length=80)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="arrondissements", verbose_name=_("department")
    )

    class Meta:
        verbose_name = _("arrondissement")
        verbose_name_plural = _("arrondissements")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class EpciQuerySet(models.QuerySet["Epci"]):
    def current(self) -> Self:
        return self.filter(is_current=True)

    def for_departments(self, codes: Collection[str]) -> Self:
        """Inter-municipalities with at least one commune in these departments."""
        inside = Commune.objects.filter(department__in=codes, epci__isnull=False)
        return self.filter(siren__in=inside.values("epci"))


class Epci(models.Model):
    """An inter-municipality with its own taxes (EPCI à fiscalité propre)."""

    siren = models.CharField(_("SIREN"), max_length=9, primary_key=True)
    name = models.CharField(_("name"), max_length=150)
    kind = models.CharField(_("legal form"), max_length=5, choices=EpciKind)
    population = models.PositiveIntegerField(_("inhabitants"), null=True)
    is_current = models.BooleanField(_("exists today"), default=True)

    objects = EpciQuerySet.as_manager()

    class Meta:
        verbose_name = _("inter-municipality")
        verbose_name_plural = _("inter-municipalities")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CommuneQuerySet(models.QuerySet["Commune"]):
    def current(self) -> Self:
        return self.filter(is_current=True)

    def for_departments(self, codes: Collection[str]) -> Self:
        return self.filter(department__in=codes)

    def for_territory(self, territory: "Territory") -> Self:
        """Communes of the territory, however it was drawn: by departments, inter-municipalities, communes."""
        return self.filter(
            Q(department__in=territory.departments.all())
            | Q(epci__in=territory.epcis.all())
            | Q(code__in=territory.communes.values("code"))
        )

    def search(self, text: str) -> Self:
        """Current communes found by name, former name, INSEE code or post code; best answers first.

        Every word must begin a word of one name. Case, accents, hyphens and "St" do not matter.
        """
        wanted = fold(text)
        if not wanted:
            return self.none()
        own = _each_word("search_name", wanted)
        aliases = CommuneAlias.objects.filter(_each_word("search_name", wanted) | Q(code__iexact=wanted))
        found = own | Q(code__iexact=wanted) | Q(code__in=aliases.values("commune"))
        if wanted.isdigit():
            found |= Q(code__in=Commune.objects.filter(post_codes__code=wanted).values("code"))
        rank = Case(
            When(search_name=wanted, then=Value(0)),
            When(search_name__startswith=wanted, then=Value(1)),
            When(own, then=Value(2)),
            default=Value(3),
            output_field=IntegerField(),
        )
        ordered = self.current().filter(found).annotate(search_rank=rank)
        return ordered.order_by("search_rank", models.F("population").desc(nulls_last=True), "code")


def _each_word(field: str, folded: str) -> Q:
    every = Q()
    for word in folded.split():
        every &= Q(**{f"{field}__startswith": word}) | Q(**{f"{field}__contains": f" {word}"})
    return every


class Commune(models.Model):
    """A commune. One that was merged stays, no longer current: contracts may point at it."""

    code = models.CharField(_("INSEE code"), max_length=5, primary_key=True)
    name = models.CharField(_("name"), max_length=80)
    search_name = models.CharField(_("name for searching"), max_length=80, db_index=True)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="communes", verbose_name=_("department")
    )
    arrondissement = models.ForeignKey(
        Arrondissement,
        on_delete=models.PROTECT,
        null=True,
        related_name="communes",
        verbose_name=_("arrondissement"),
    )
    epci = models.ForeignKey(
        Epci,
        on_delete=models.PROTECT,
        null=True,
        related_name="communes",
        verbose_name=_("inter-municipality"),
    )
    siren = models.CharField(_("SIREN"), max_length=9, blank=True, db_index=True)
    population = models.PositiveIntegerField(_("inhabitants"), null=True)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True)
    is_current = models.BooleanField(_("exists today"), default=True)

    objects = CommuneQuerySet.as_manager()

    class Meta:
        verbose_name = _("commune")
        verbose_name_plural = _("communes")
        ordering = ["search_name", "code"]
        constraints = [
            models.CheckConstraint(
                name="commune_centre_has_both_coordinates",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
                violation_error_message=_("The centre of a commune has a latitude and a longitude."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.department_id})"


class CommuneAlias(models.Model):
    """A code or a name that leads to a commune: merged communes, districts of the three big cities."""

    code = models.CharField(_("INSEE code"), max_length=5)
    name = models.CharField(_("name"), max_length=80, blank=True)
    search_name = models.CharField(_("name for searching"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=AliasKind)
    # An alias says nothing without its commune.
    commune = models.ForeignKey(
        Commune, on_delete=models.CASCADE, related_name="aliases", verbose_name=_("commune")
    )

    class Meta:
        verbose_name = _("other name or code of a commune")
        verbose_name_plural = _("other names and codes of communes")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["code"], name="one_alias_per_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}".strip()


class PostCode(models.Model):
    code = models.CharField(_("post code"), max_length=5, primary_key=True)
    communes = models.ManyToManyField(Commune, related_name="post_codes", verbose_name=_("communes"))

    class Meta:
        verbose_name = _("post code")
        verbose_name_plural = _("post codes")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Territory(models.Model):
    """A piece of country a scheme or a body works on, drawn with departments, inter-municipalities, communes.

    It says where people are followed, never which companies may answer a tender.
    """

    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=TerritoryKind)
    departments = models.ManyToManyField(
        Department, blank=True, related_name="territories", verbose_name=_("departments")
    )
    epcis = models.ManyToManyField(
        Epci, blank=True, related_name="territories", verbose_name=_("inter-municipalities")
    )
    communes = models.ManyToManyField(
        Commune, blank=True, related_name="territories", verbose_name=_("communes")
    )

    class Meta:
        verbose_name = _("territory")
        verbose_name_plural = _("territories")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
