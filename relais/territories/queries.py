from collections import defaultdict

from .models import Arrondissement, Commune, CommuneAlias, PostCode
from .places import Gazetteer


def gazetteer() -> Gazetteer:
    """Every code of the loaded lists, in four queries: make one per import, not one per contract."""
    post_codes: dict[str, set[str]] = defaultdict(set)
    for post_code, commune in PostCode.communes.through.objects.values_list("postcode_id", "commune_id"):
        post_codes[post_code].add(commune)
    return Gazetteer(
        communes=dict(Commune.objects.values_list("code", "department_id")),
        former=dict(CommuneAlias.objects.values_list("code", "commune_id")),
        post_codes={code: frozenset(inside) for code, inside in post_codes.items()},
        arrondissements=dict(Arrondissement.objects.values_list("code", "department_id")),
    )
