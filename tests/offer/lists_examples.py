"""Small lists of invented structures, written as the public ones are."""

from tests.cast import siret

SIAE_HEAD = (
    "siret;type;raison_sociale;enseigne;forme_juridique;naf;adresse;code_postal;ville;departement;lon;lat;"
    "effectif_tranche;source;mis_a_jour"
)
ESAT_HEAD = (
    "EJ-N°FINESS,EJ-Raison sociale,EJ-Statut juridique Code,EJ-Statut juridique Libellé,ET-N°FINESS,"
    "ET-Raison sociale,ET-Adresse,ET-Code Postal,ET-Type,ET-SIRET,ET-Région Code,ET-Région Libellé,"
    "ET-Département Code,ET-Département Libellé,ET-Commune Code,ET-Commune Libellé,Capacité autorisée agrégée"
)
GEIQ_HEAD = "id;nom;siret;code_postal;ville;est_antenne_de"


def siae(
    number: int = 700,
    *,
    kind: str = "EI",
    name: str = "ATELIER DES MIRABELLES",
    town: str = "Nancy",
    post_code: str = "54000",
    department: str = "54",
    lon: str = "6.18",
    lat: str = "48.69",
    naf: str = "8130Z",
    day: str = "2020-12-18T10:40:16.387Z",
    number_written: str | None = None,
) -> str:
    written = siret(number) if number_written is None else number_written
    return (
        f"{written};{kind};{name};;SARL;{naf};1 rue des Prés;{post_code};{town};{department};{lon};{lat};"
        f"Non renseigné;ASP;{day}"
    )


def siae_list(*lines: str) -> bytes:
    return "\r\n".join((SIAE_HEAD, *lines)).encode()


def esat(
    finess: str = "10000001", *, number: str = "", post_code: str = "1150", commune: str = "1047"
) -> str:
    return (
        f"10000000,ASSOCIATION DU BUGEY,61,Ass.L.1901 R.U.P.,{finess},ESAT DES CHARMILLES,12   R DES LILAS,"
        f"{post_code},Secondaire,{number},84,Auvergne-Rhône-Alpes,1,Ain,{commune},Blyes,45"
    )


def esat_list(*lines: str) -> bytes:
    return "\r\n".join((ESAT_HEAD, *lines)).encode()


def geiq_list(*lines: str) -> bytes:
    return "\r\n".join((GEIQ_HEAD, *lines)).encode()
