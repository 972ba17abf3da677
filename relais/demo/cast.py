"""Who plays in the demonstration: invented people and companies, in real places of Lorraine.

Names of people are common first names before invented family names; company names are invented. No account,
company or structure here exists; their SIRET are well formed and belong to nobody (they begin with zeros).
"""

from dataclasses import dataclass

from stdnum import luhn

from relais.organisations.enums import BuyerNature, Capacity, Role, StructureKind

DOMAIN = "@demo.example"


def invented_siret(number: int) -> str:
    """A well-formed SIRET that belongs to nobody."""
    siren = f"00{number:06d}"
    siren += luhn.calc_check_digit(siren)
    return siren + "0001" + luhn.calc_check_digit(siren + "0001")


def siret_of(siren: str) -> str:
    """A well-formed SIRET of a municipality known by its SIREN."""
    return siren + "0001" + luhn.calc_check_digit(siren + "0001")


@dataclass(frozen=True, slots=True)
class Account:
    """A person with whom the visitor may enter."""

    email: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Body:
    """A body of the scheme. `insee` names the municipality whose SIREN it bears, when it is one."""

    name: str
    capacities: tuple[Capacity, ...]
    accounts: tuple[Account, ...] = ()
    buyer_nature: str = ""
    structure_kind: str = ""
    department: str = ""
    insee: str = ""


COORDINATOR = Body(
    "Région Lorraine",
    (Capacity.COORDINATOR, Capacity.BUYER),
    (
        Account("claire" + DOMAIN, "Claire Vandelle", Role.OFFICER),
        Account("marc" + DOMAIN, "Marc Estival", Role.MANAGER),
        Account("ines" + DOMAIN, "Inès Corbeau", Role.PURCHASER),
        Account("paul" + DOMAIN, "Paul Ferrandin", Role.PROJECT_LEAD),
        Account("helene" + DOMAIN, "Hélène Maubré", Role.ELECTED),
    ),
    buyer_nature=BuyerNature.REGION,
)

BUYERS = (
    Body(
        "Ville de Nancy",
        (Capacity.BUYER,),
        (Account("bruno" + DOMAIN, "Bruno Talmont", Role.OFFICER),),
        BuyerNature.MUNICIPALITY,
        department="54",
        insee="54395",
    ),
    Body("Ville de Metz", (Capacity.BUYER,), (), BuyerNature.MUNICIPALITY, department="57", insee="57463"),
    Body("Ville d'Épinal", (Capacity.BUYER,), (), BuyerNature.MUNICIPALITY, department="88", insee="88160"),
    Body(
        "Ville de Bar-le-Duc", (Capacity.BUYER,), (), BuyerNature.MUNICIPALITY, department="55", insee="55029"
    ),
    Body(
        "Ville de Thionville", (Capacity.BUYER,), (), BuyerNature.MUNICIPALITY, department="57", insee="57672"
    ),
    Body("Habitat des Trois Rivières", (Capacity.BUYER,), (), BuyerNature.LANDLORD, department="54"),
    Body("Logement Vosges et Saône", (Capacity.BUYER,), (), BuyerNature.LANDLORD, department="88"),
    Body("Centre hospitalier du Val de Seille", (Capacity.BUYER,), (), BuyerNature.HOSPITAL, department="57"),
)

FACILITATORS = (
    Body(
        "Maison de l'emploi du Grand Couronné",
        (Capacity.FACILITATOR,),
        (Account("farida" + DOMAIN, "Farida Beaulac", Role.OFFICER),),
        department="54",
    ),
    Body(
        "PLIE du Pays messin et du Saulnois",
        (Capacity.FACILITATOR,),
        (Account("gilles" + DOMAIN, "Gilles Morvandeau", Role.OFFICER),),
        department="57",
    ),
    Body("Plateforme emploi de la Meuse", (Capacity.FACILITATOR,), (), department="55"),
    Body("Maison de l'emploi de la Déodatie", (Capacity.FACILITATOR,), (), department="88"),
)

COMPANY_ACCOUNTS = (
    Account("nadia" + DOMAIN, "Nadia Perrochet", Role.OFFICER),
    Account("olivier" + DOMAIN, "Olivier Sainclair", Role.OFFICER),
)
STRUCTURE_ACCOUNTS = (Account("sofiane" + DOMAIN, "Sofiane Delorge", Role.OFFICER),)

TRADES_OF_COMPANIES = (
    *("Bâtisseurs", "Maçonnerie", "Peintures", "Couvertures", "Électricité", "Plâtrerie", "Travaux publics"),
    *("Menuiseries", "Chauffage", "Façades", "Espaces verts", "Propreté"),
)
PLACES_OF_COMPANIES = (
    "du Saulnois",
    "de la Haute-Seille",
    "du Madon",
    "des Basses-Vosges",
    "de l'Argonne bleue",
)
"""Twelve trades in five invented surroundings: sixty companies."""

STRUCTURES = (
    *(
        (f"Tremplin intérim {place}", StructureKind.ETTI)
        for place in ("Meurthe", "Moselle", "Meuse", "Vosges")
    ),
    *((f"Relance intérim {place}", StructureKind.ETTI) for place in ("du Bassin", "des Trois Frontières")),
    *((f"Coup de main {place}", StructureKind.AI) for place in ("toulois", "messin", "barrois", "spinalien")),
    *((f"Atelier {place}", StructureKind.EI) for place in ("du Rempart", "des Deux Rives", "de la Fensch")),
    *((f"Chantier {place}", StructureKind.ACI) for place in ("des Remises", "de la Vezouze", "du Rabodeau")),
    *((f"Régie de quartier {place}", StructureKind.REGIE) for place in ("des Provinces", "du Plateau")),
    *((f"GEIQ {place}", StructureKind.GEIQ) for place in ("bâtiment lorrain", "propreté et paysage")),
    *((f"Entreprise adaptée {place}", StructureKind.EA) for place in ("du Grémillon", "de la Nied")),
    *((f"ESAT {place}", StructureKind.ESAT) for place in ("les Mirabelliers", "la Bruyère", "du Durbion")),
)
assert len(TRADES_OF_COMPANIES) * len(PLACES_OF_COMPANIES) == 60
assert len(STRUCTURES) == 25

STRUCTURE_OFFERS = {
    "EI": (("batiment",), ("espaces-verts", "proprete"), ("proprete",)),
    "ACI": (("batiment", "reemploi"), ("espaces-verts",), ("espaces-verts", "alimentation")),
    "REGIE": (("proprete", "espaces-verts", "batiment"), ("proprete", "maintenance")),
    "EA": (("impression", "numerique"), ("espaces-verts", "linge")),
    "ESAT": (("linge", "industrie"), ("espaces-verts",), ("industrie", "restauration")),
}
"""What the structures that work themselves do, in the order of their kind; the others lend people."""
STRUCTURE_TOWNS = ("54395", "57463", "55029", "88160", "57672", "54528", "54329", "88413", "57227", "55545")
"""Municipalities of the structures, in turn: Nancy, Metz, Bar-le-Duc, Épinal, Thionville, Toul..."""

WOMEN = (
    *(
        "Aïcha",
        "Amandine",
        "Brigitte",
        "Camille",
        "Chantal",
        "Djamila",
        "Élodie",
        "Fatou",
        "Gaëlle",
        "Huguette",
    ),
    *("Isabelle", "Jeanne", "Karima", "Laura", "Leïla", "Manon", "Nathalie", "Océane", "Sabrina", "Yvette"),
)
MEN = (
    *(
        "Abdel",
        "Alexandre",
        "Bernard",
        "Bilal",
        "Christophe",
        "Cyril",
        "Didier",
        "Emrah",
        "Fabrice",
        "Grégory",
    ),
    *("Hugo", "Ibrahim", "Jérôme", "Kevin", "Lamine", "Mickaël", "Nicolas", "Oumar", "Pascal", "Quentin"),
    *("Rachid", "Sébastien", "Thierry", "Ulysse", "Vincent", "Wilfried", "Xavier", "Yannick", "Zoltan"),
)
FAMILIES = (
    *(
        "Aubremont",
        "Barvaux",
        "Bellerive",
        "Belkhadir",
        "Boisvallon",
        "Bouzarda",
        "Cassemiche",
        "Chantremole",
    ),
    *(
        "Courtevigne",
        "Dalloubert",
        "Diallabé",
        "Drouvenot",
        "Escarpignon",
        "Fauxbrun",
        "Ferrouzi",
        "Fontarlier",
    ),
    *(
        "Gautrezin",
        "Grandpommier",
        "Guédirac",
        "Haoussari",
        "Hermelin",
        "Jacquevent",
        "Joliverre",
        "Kabassélé",
    ),
    *(
        "Kessourir",
        "Lambrequin",
        "Lavandoux",
        "Mahoubi",
        "Malaincourt",
        "Marchevaux",
        "Mirecourtois",
        "Montbrisard",
    ),
    *(
        "Nassirou",
        "Noirfontaine",
        "Ouldriss",
        "Pardieuvre",
        "Petitverger",
        "Quentinois",
        "Rambouleau",
        "Rochetaille",
    ),
    *("Sangharé", "Saurupt", "Sylvanoise", "Tahirovic", "Tourneclair", "Vacherolle", "Valdésert", "Vignolet"),
    *("Wassermanne", "Yagoubi", "Zimmerlin"),
)
