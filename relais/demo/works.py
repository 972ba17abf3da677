"""What is bought in the demonstration: kinds of lots, with their usual sizes, and where."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Work:
    """A kind of lot: its trade, CPV code, object, usual amount (k€), duration (months), weight."""

    trade: str
    cpv: str
    nature: str
    object: str
    amount: int
    months: int
    weight: int
    reserved: bool = False


WORKS = (
    Work("gros-oeuvre", "45223220", "works", "{site} - lot 01 gros œuvre", 640, 14, 12),
    Work("peinture", "45442100", "works", "{site} - lot peinture et revêtements muraux", 190, 9, 10),
    Work("platrerie", "45410000", "works", "{site} - lot plâtrerie et cloisons", 260, 9, 8),
    Work("electricite", "45310000", "works", "{site} - lot électricité", 330, 12, 8),
    Work("plomberie-cvc", "45330000", "works", "{site} - lot chauffage, ventilation, sanitaires", 420, 12, 7),
    Work("charpente-couverture", "45261000", "works", "{site} - lot charpente et couverture", 310, 8, 6),
    Work("facade", "45443000", "works", "{site} - lot isolation par l'extérieur et façades", 380, 9, 6),
    Work("demolition", "45111100", "works", "{site} - démolition et curage", 240, 5, 4),
    Work("menuiserie-interieure", "45421000", "works", "{site} - lot menuiseries intérieures", 210, 9, 5),
    Work("carrelage", "45431000", "works", "{site} - lot carrelage", 130, 7, 3),
    Work("vrd", "45233140", "works", "Aménagement des abords : {site}", 720, 10, 7),
    Work("reseaux", "45231000", "works", "Réseaux et génie civil : {site}", 560, 9, 3),
    Work(
        "espaces-verts-entretien",
        "77310000",
        "services",
        "Entretien des espaces verts : {site}",
        180,
        36,
        5,
        True,
    ),
    Work("espaces-verts-creation", "45112700", "works", "Plantations et espaces verts : {site}", 160, 8, 3),
    Work("nettoyage", "90910000", "services", "Nettoyage des locaux : {site}", 340, 36, 6, True),
    Work("vitrerie", "90911300", "services", "Nettoyage de la vitrerie : {site}", 90, 36, 2, True),
    Work(
        "tri-decheterie", "90514000", "services", "Tri et réemploi des mobiliers : {site}", 120, 24, 2, True
    ),
    Work("restauration", "55524000", "services", "Restauration : {site}", 520, 24, 2),
    Work("logistique", "98392000", "services", "Déménagement et manutention : {site}", 110, 24, 2, True),
    Work("social-sante", "85312000", "services", "Accompagnement social des résidents : {site}", 140, 24, 1),
    Work("impression", "79800000", "services", "Impression et mise sous pli : {site}", 95, 24, 1, True),
)

SITES = (
    *("lycée des Tilleuls à {place}", "lycée du Vieux Moulin à {place}", "internat du lycée de {place}"),
    *("cité scolaire de {place}", "centre de formation de {place}", "demi-pension du lycée de {place}"),
    *(
        "gymnase du lycée de {place}",
        "ateliers du lycée professionnel de {place}",
        "maison de la formation de {place}",
    ),
)
TOWN_SITES = (
    *("groupe scolaire des Marronniers à {place}", "médiathèque de {place}", "hôtel de ville de {place}"),
    *("gymnase municipal de {place}", "centre technique de {place}", "place du Marché à {place}"),
)
LANDLORD_SITES = (
    *(
        "résidence des Alouettes à {place}",
        "résidence du Parc à {place}",
        "24 logements rue des Jardins à {place}",
    ),
    *("réhabilitation thermique de 60 logements à {place}",),
)
HOSPITAL_SITES = ("pavillon des consultations à {place}", "résidence pour personnes âgées de {place}")


def at_place(site: str, place: str) -> str:
    """The site with its place, joined as French does: d’Ancerville, au Val-d’Ajol, du Thillot, à Metz."""
    for article, at, of in (("Le ", "au ", "du "), ("Les ", "aux ", "des ")):
        if place.startswith(article):
            short = place.removeprefix(article)
            return site.replace("à {place}", at + short).replace("de {place}", of + short)
    if place[:1] in "AEIOUÉÈÎŒ":
        return site.replace("de {place}", f"d’{place}").format(place=place)
    return site.format(place=place)


DIRECT_CATEGORIES = (
    *(("B_DELD", 26), ("B_DETLD", 14), ("B_RSA", 22), ("B_YOUTH_NOQUAL", 13), ("B_YOUTH_INACTIVE", 7)),
    *(
        ("B_SENIOR", 6),
        ("B_RQTH", 6),
        ("B_PLIE", 5),
        ("B_QPV", 4),
        ("B_REFUGEE", 2),
        ("B_MOTIVATED_OPINION", 2),
    ),
)
CERTIFIERS = {
    "B_DELD": "France Travail",
    "B_DETLD": "France Travail",
    "B_SENIOR": "France Travail",
    "B_RSA": "Département",
    "B_YOUTH_NOQUAL": "Mission locale",
    "B_YOUTH_INACTIVE": "Mission locale",
    "B_RQTH": "MDPH",
    "B_PLIE": "PLIE",
}
JOBS = {
    "gros-oeuvre": ("Aide-maçon", "Manœuvre gros œuvre", "Coffreur débutant"),
    "peinture": ("Aide-peintre", "Peintre en apprentissage"),
    "platrerie": ("Aide-plaquiste", "Manœuvre second œuvre"),
    "electricite": ("Aide-électricien", "Tireur de câbles"),
    "vrd": ("Manœuvre travaux publics", "Aide-canalisateur"),
    "nettoyage": ("Agent de propreté",),
    "vitrerie": ("Laveur de vitres",),
    "espaces-verts-entretien": ("Ouvrier d'entretien des espaces verts",),
    "espaces-verts-creation": ("Ouvrier paysagiste",),
    "restauration": ("Employé de restauration",),
}
ANY_JOB = ("Manœuvre", "Aide de chantier", "Agent polyvalent")
