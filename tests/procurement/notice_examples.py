"""Small notices written for the tests: fictitious buyers, the shapes of the published ones."""

import json
from typing import Any

TED = """<?xml version="1.0" encoding="UTF-8"?>
<TED_EXPORT xmlns="http://publications.europa.eu/resource/schema/ted/R2.0.9/publication" DOC_ID="{number}">
<CODED_DATA_SECTION><REF_OJS><DATE_PUB>20210113</DATE_PUB></REF_OJS>
<CODIF_DATA><DS_DATE_DISPATCH>20210108</DS_DATE_DISPATCH></CODIF_DATA></CODED_DATA_SECTION>
<FORM_SECTION><F02_2014 CATEGORY="ORIGINAL" FORM="F02" LG="FR"><CONTRACTING_BODY><ADDRESS_CONTRACTING_BODY>
<OFFICIALNAME>Ville de Valmont</OFFICIALNAME><NATIONALID>{siret}</NATIONALID><COUNTRY VALUE="FR"/>
</ADDRESS_CONTRACTING_BODY></CONTRACTING_BODY>
<OBJECT_CONTRACT><TITLE><P>{title}</P></TITLE><REFERENCE_NUMBER>2021-07</REFERENCE_NUMBER>
<CPV_MAIN><CPV_CODE CODE="45210000"/></CPV_MAIN><TYPE_CONTRACT CTYPE="WORKS"/>
<SHORT_DESCR><P>Réhabilitation d'un groupe scolaire.</P></SHORT_DESCR>
<OBJECT_DESCR ITEM="1"><TITLE><P>Gros œuvre</P></TITLE><LOT_NO>1</LOT_NO><NUTS CODE="FRF33"/>
<SHORT_DESCR><P>Maçonnerie.</P></SHORT_DESCR><AC><AC_QUALITY><AC_CRITERION>Valeur technique</AC_CRITERION>
<AC_WEIGHTING>60</AC_WEIGHTING></AC_QUALITY><AC_PRICE><AC_WEIGHTING>40</AC_WEIGHTING></AC_PRICE></AC>
<VAL_OBJECT CURRENCY="EUR">800000</VAL_OBJECT><DURATION TYPE="MONTH">14</DURATION></OBJECT_DESCR>
<OBJECT_DESCR ITEM="2"><TITLE><P>Peinture</P></TITLE><LOT_NO>Lot n° 02</LOT_NO><NUTS CODE="FRF33"/>
<SHORT_DESCR><P>Peinture intérieure.</P></SHORT_DESCR></OBJECT_DESCR></OBJECT_CONTRACT>
<LEFTI>{reserved}<PERFORMANCE_CONDITIONS><P>{conditions}</P></PERFORMANCE_CONDITIONS></LEFTI>
<PROCEDURE><PT_OPEN/></PROCEDURE></F02_2014></FORM_SECTION></TED_EXPORT>"""

CONDITIONS = "Clause d'insertion. Lot 1 : 420 heures. Lot 2 : 5 h par tranche de 10 000 € HT."
SIRET = "21570463600012"


def ted(
    number: str = "000123-2021",
    *,
    siret: str = SIRET,
    title: str = "Groupe scolaire des Tilleuls",
    reserved: str = "",
    conditions: str = CONDITIONS,
) -> str:
    """A call for competition in two lots."""
    return TED.format(number=number, siret=siret, title=title, reserved=reserved, conditions=conditions)


UUID = "11111111-2222-4333-8444-555555555555"


def eforms(
    key: str = UUID,
    *,
    changes: dict[str, Any] | None = None,
    version: str = "01",
    name: str = "Entretien des espaces verts",
    notice_type: str = "cn-standard",
) -> dict[str, Any]:
    """A call in one reserved lot, as the JSON of the interface of BOAMP writes eForms."""
    extension: dict[str, Any] = {
        "efac:NoticeSubType": {"cbc:SubTypeCode": {"@listName": "notice-subtype", "#text": "16"}},
        "efac:Organizations": {
            "efac:Organization": {
                "efac:Company": {
                    "cac:PartyIdentification": {"cbc:ID": {"#text": "ORG-0001"}},
                    "cac:PartyName": {"cbc:Name": {"@languageID": "FRA", "#text": "Ville de Valmont"}},
                    "cac:PostalAddress": {"cac:Country": {"cbc:IdentificationCode": {"#text": "FRA"}}},
                    "cac:PartyLegalEntity": {"cbc:CompanyID": SIRET},
                }
            }
        },
    }
    if changes:
        extension["efac:Changes"] = changes
    lot = {
        "cbc:ID": {"@schemeName": "Lot", "#text": "LOT-0001"},
        "cac:TenderingTerms": {
            "cac:TendererQualificationRequest": {
                "cac:SpecificTendererRequirement": {
                    "cbc:TendererRequirementTypeCode": {
                        "@listName": "reserved-procurement",
                        "#text": "res-ws",
                    }
                }
            },
            "cac:ContractExecutionRequirement": [
                {
                    "cbc:ExecutionRequirementCode": {"@listName": "conditions", "#text": "performance"},
                    "cbc:Description": {"#text": "Insertion : 70 heures / an."},
                },
                {"cbc:ExecutionRequirementCode": {"@listName": "reserved-execution", "#text": "no"}},
            ],
        },
        "cac:ProcurementProject": {
            "cbc:Name": {"#text": name},
            "cbc:ProcurementTypeCode": {"@listName": "contract-nature", "#text": "services"},
            "cac:ProcurementAdditionalType": [
                {"cbc:ProcurementTypeCode": {"@listName": "strategic-procurement", "#text": "soc-obj"}},
                {"cbc:ProcurementTypeCode": {"@listName": "social-objective", "#text": "opp"}},
            ],
            "cac:MainCommodityClassification": {"cbc:ItemClassificationCode": {"#text": "77310000"}},
            "cac:RequestedTenderTotal": {
                "cbc:EstimatedOverallContractAmount": {"@currencyID": "EUR", "#text": "120000"}
            },
            "cac:PlannedPeriod": {"cbc:DurationMeasure": {"@unitCode": "YEAR", "#text": "2"}},
            "cac:RealizedLocation": {
                "cac:Address": {"cbc:PostalZone": "57000", "cbc:CountrySubentityCode": {"#text": "FRF33"}}
            },
        },
    }
    return {
        "EFORMS": {
            "ContractNotice": {
                "ext:UBLExtensions": {
                    "ext:UBLExtension": {"ext:ExtensionContent": {"efext:EformsExtension": extension}}
                },
                "cbc:ID": {"@schemeName": "notice-id", "#text": key},
                "cbc:IssueDate": "2025-03-01+01:00",
                "cbc:VersionID": version,
                "cbc:NoticeTypeCode": {"@listName": "competition", "#text": notice_type},
                "cac:ContractingParty": {
                    "cac:Party": {"cac:PartyIdentification": {"cbc:ID": {"#text": "ORG-0001"}}}
                },
                "cac:TenderingProcess": {"cbc:ProcedureCode": {"#text": "open"}},
                "cac:ProcurementProject": {"cbc:Name": {"#text": name}},
                "cac:ProcurementProjectLot": lot,
            }
        }
    }


def boamp_api(*documents: dict[str, Any], idweb: str = "25-1", day: str = "2025-03-04", **fields: Any) -> str:
    """The answer of the interface: each notice is a JSON string inside the JSON."""
    rows = [
        {"idweb": f"{idweb}{rank}", "dateparution": day, "donnees": json.dumps(document), **fields}
        for rank, document in enumerate(documents)
    ]
    return json.dumps({"results": rows}, ensure_ascii=False)


BOAMP = """<?xml version="1.0" encoding="UTF-8"?>
<ANNONCE><GESTION><REFERENCE><IDWEB>{number}</IDWEB><TYPE_AVIS><FAMILLE><JOUE/></FAMILLE>
<NATURE><{nature}/></NATURE><STATUT><{status}/></STATUT></TYPE_AVIS></REFERENCE>{former}
<INDEXATION><DATE_PUBLICATION>2017-01-01</DATE_PUBLICATION>
<CRITERES_SOCIAUX_ENV><SOCIAUX/></CRITERES_SOCIAUX_ENV>
<DEP_PRESTATION>57</DEP_PRESTATION><RESUME_OBJET>Nettoyage des écoles</RESUME_OBJET></INDEXATION></GESTION>
<DONNEES><IDENTITE><DENOMINATION>Ville de Valmont</DENOMINATION></IDENTITE>
<OBJET><TITRE_MARCHE>{title}</TITRE_MARCHE><TYPE_MARCHE><SERVICE/></TYPE_MARCHE>
<OBJET_COMPLET>Nettoyage des écoles de la ville.</OBJET_COMPLET>
<CPV><PRINCIPAL>90919300</PRINCIPAL></CPV></OBJET>
<PROCEDURE><TYPE_PROCEDURE><OUVERT/></TYPE_PROCEDURE><CRITERES_ATTRIBUTION><CRITERES_PONDERES>
<CRITERE POIDS="70">Prix</CRITERE><CRITERE POIDS="30">Insertion</CRITERE></CRITERES_PONDERES>
</CRITERES_ATTRIBUTION></PROCEDURE><CONDITION_PARTICIPATION>
<MARCHE_RESERVE_OUI><ATELIER_PROTEGE/></MARCHE_RESERVE_OUI>
<CONDITION_PARTICULIERE_EXECUTION>250 heures d'insertion
sur la durée du marché.</CONDITION_PARTICULIERE_EXECUTION>
</CONDITION_PARTICIPATION></DONNEES></ANNONCE>"""
FORMER = (
    "<MARCHE><ANNONCE_ANTERIEUR><REFERENCE><IDWEB>{number}</IDWEB></REFERENCE></ANNONCE_ANTERIEUR></MARCHE>"
)


def boamp(
    number: str = "17-1",
    *,
    nature: str = "APPEL_OFFRE",
    status: str = "INITIAL",
    former: str = "",
    title: str = "Nettoyage des écoles",
) -> str:
    """A call of one lot, reserved, in the old XML of BOAMP."""
    link = FORMER.format(number=former) if former else ""
    return BOAMP.format(number=number, nature=nature, status=status, former=link, title=title)
