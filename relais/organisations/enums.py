"""Closed lists of the room: what a body can do, and what a member may do in it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Capacity(models.TextChoices):
    """What a body does in the schemes; one body may have several capacities."""

    COORDINATOR = "coordinator", _("Coordinator")
    BUYER = "buyer", _("Buyer")
    FACILITATOR = "facilitator", _("Facilitator body")
    COMPANY = "company", _("Company")
    STRUCTURE = "structure", _("Insertion structure")
    PRESCRIBER = "prescriber", _("Prescriber")
    TRAINING = "training", _("Training body")
    SUBSIDISED = "subsidised", _("Subsidised authority")


class StructureKind(models.TextChoices):
    EI = "EI", _("Insertion enterprise (EI)")
    ACI = "ACI", _("Insertion worksite (ACI)")
    AI = "AI", _("Intermediary association (AI)")
    ETTI = "ETTI", _("Insertion temp agency (ETTI)")
    EITI = "EITI", _("Self-employment insertion enterprise (EITI)")
    GEIQ = "GEIQ", _("Employers' insertion group (GEIQ)")
    REGIE = "REGIE", _("Neighbourhood enterprise")
    EA = "EA", _("Adapted enterprise (EA)")
    EATT = "EATT", _("Adapted temp agency (EATT)")
    ESAT = "ESAT", _("Sheltered workshop (ESAT)")


class BuyerNature(models.TextChoices):
    """Nature of a buyer, for consolidation; it also gives the column of the European thresholds."""

    STATE = "state", _("State")
    REGION = "region", _("Region")
    DEPARTMENT = "department", _("Department")
    MUNICIPALITY = "municipality", _("Municipality or inter-municipality")
    LANDLORD = "landlord", _("Social landlord")
    HOSPITAL = "hospital", _("Hospital")
    LOCAL_COMPANY = "local_company", _("Local public company")
    UTILITY = "utility", _("Utility")
    PRIVATE = "private", _("Private")
    OTHER = "other", _("Other")


class Role(models.TextChoices):
    MANAGER = "manager", _("Manager")
    OFFICER = "officer", _("Officer")
    PROJECT_LEAD = "project_lead", _("Project lead")
    PURCHASER = "purchaser", _("Purchaser")
    ELECTED = "elected", _("Elected member")
    READER = "reader", _("Reader")


LINK_ROLE = "link"
"""What the trail names as role when somebody without account acts by a link received by mail."""


class PolicyKey(models.TextChoices):
    """Dated choices of a scheme. Each key has one unit, told in its label."""

    EFFORT = "effort", _("Insertion effort (share of hours worked, 0 to 1)")
    HOURLY_COST = "hourly_cost", _("Loaded hourly cost (€/h)")
    LABOUR_SHARE = "labour_share", _("Labour share when the trade is unknown (0 to 1)")
    ROUNDING = "rounding", _("Rounding of hours (1, 5, 10 or 35)")
    MONTHLY_LIMIT = "monthly_limit", _("Hours of one person in a month, above which a line is queried")
    DAILY_LIMIT = "daily_limit", _("Hours of one person in a day, above which a line is queried")
    TRAINING_SHARE = "training_share", _("Share of training hours counted (0 to 1)")
    DECLARATION_DAY = "declaration_day", _("Day of the next month when a statement is due")
    FTE_DIVISOR = "fte_divisor", _("Hours of a full-time equivalent")
    MINIMUM_HOURS = "minimum_hours", _("Hours below which a clause is not worth writing")
    MINIMUM_MONTHS = "minimum_months", _("Duration in months below which a clause is not worth writing")
    UNIT_PENALTY = "unit_penalty", _("Penalty proposed per missing hour (€)")
    KICKOFF_DAYS = "kickoff_days", _("Days between notification and kick-off meeting")
    FIRST_HOURS_DAYS = (
        "first_hours_days",
        _("Days between notification and first hours, after which silence is an alert"),
    )
    OPINION_DAYS = "opinion_days", _("Days to give an opinion")
    OPINION_REMINDER = "opinion_reminder", _("Days before its date when an opinion is reminded")
    OPINION_ESCALATION = "opinion_escalation", _("Days late from which managers are told of an opinion")
    SOCIAL_TARGET = "social_target", _("Share of contracts with a social consideration aimed at (0 to 1)")
    COUNTED_FLOOR = "counted_floor", _("Amount excluding tax from which contracts are counted (€)")
    OFFER_RADIUS = "offer_radius", _("Distance within which structures are counted around a place (km)")
    OFFER_WHOLE = "offer_whole", _("Structures from which reserving the whole contract can be considered")
    OFFER_LOT = "offer_lot", _("Structures from which reserving a lot can be considered")
    OFFER_CLAUSE = "offer_clause", _("Structures from which a clause can rely on the offer around")
    OFFER_DEPENDENCY = (
        "offer_dependency",
        _("Share of a structure's turnover above which a contract makes it dependent (0 to 1)"),
    )
    NOTICE_LEAST = "notice_least", _("Days that a formal notice gives at least")
    NOTICE_MOST = "notice_most", _("Days that a formal notice gives at most")
    BREACH_SHARE = (
        "breach_share",
        _("Share of the hours expected missing, from which a breach is to be observed (0 to 1)"),
    )
    ACCOUNT_DAYS = "account_days", _("Days before the final account when an undecided breach is an alert")
    ALERT_SILENT_DAY = (
        "alert_silent_day",
        _("Day of the next month from which a missing statement is told to the facilitator and to the buyer"),
    )
    ALERT_BEHIND_FROM = "alert_behind_from", _("Share of the time gone from which lateness is told (0 to 1)")
    ALERT_BEHIND_SHARE = (
        "alert_behind_share",
        _("Share of the hours expected below which a contract is behind (0 to 1)"),
    )
    ALERT_FAILING_FROM = "alert_failing_from", _("Share of the time gone from which failing is told (0 to 1)")
    ALERT_FAILING_LEFT = (
        "alert_failing_left",
        _("Share of the hours still to do above which a contract is failing (0 to 1)"),
    )
    ALERT_ENDING_DAYS = "alert_ending_days", _("Days before the end when hours left are told")
    ALERT_ENDING_SOON_DAYS = "alert_ending_soon_days", _("Days before the end when hours left are critical")
    ALERT_ELIGIBILITY_DAYS = "alert_eligibility_days", _("Days before its end when an eligibility is told")
    ALERT_AMENDMENT_DAYS = "alert_amendment_days", _("Days to size the hours anew after an amendment")
    ALERT_SURPLUS = "alert_surplus", _("Share above the hours owed that makes a surplus doubtful (0 to 1)")
