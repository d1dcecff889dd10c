"""The words in which pages show people's terms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

from people.terms import (
    Asked,
    ConnectionKind,
    ConnectionStatus,
    ImportState,
    Register,
    Role,
    TriState,
)

Term = TypeVar("Term", bound=str)
ASKED: Final = {
    Asked.YES: "Yes",
    Asked.NO: "No",
    Asked.NOT_ASKED: "Not asked yet",
    Asked.AWAITING: "Awaiting assessment",
}
TRI_STATE: Final = {TriState.YES: "Yes", TriState.NO: "No", TriState.NOT_KNOWN: "Not known"}
ROLES: Final = {
    Role.SOCIAL_WORKER: "Social worker",
    Role.TEAM_MANAGER: "Team manager",
    Role.CHAIR: "Chair",
    Role.BUSINESS_SUPPORT: "Business support",
    Role.PROFESSIONAL: "Professional of another agency",
    Role.PRIVACY_OFFICER: "Privacy officer",
    Role.ADMINISTRATOR: "Administrator",
}
KINDS: Final = {
    ConnectionKind.SCHOOL: "School or college",
    ConnectionKind.GP: "GP practice",
    ConnectionKind.YOUTH_JUSTICE: "Youth justice service",
    ConnectionKind.SOCIAL_WORKER: "Social worker",
    ConnectionKind.PARENT: "Parent",
    ConnectionKind.CARER: "Carer",
    ConnectionKind.SIBLING: "Sibling",
    ConnectionKind.TRUSTED_ADULT: "Trusted adult",
    ConnectionKind.OTHER_SERVICE: "Other service",
}
STATUSES: Final = {
    ConnectionStatus.KNOWN: "Known",
    ConnectionStatus.NOT_KNOWN: "Not known",
    ConnectionStatus.NOT_REGISTERED: "Not registered",
    ConnectionStatus.ENQUIRY_MADE: "Not known, enquiry made",
    ConnectionStatus.UNSAFE_TO_INVOLVE: "Unsafe to involve",
    ConnectionStatus.NONE: "None, checked",
}
REGISTERS: Final = {
    Register.SCHOOLS: "Schools (Get Information About Schools)",
    Register.PRACTICES: "GP practices (NHS, epraccur)",
}
IMPORT_STATES: Final = {
    ImportState.CHECKED: "Checked, nothing written",
    ImportState.APPLIED: "Imported",
}
# What an import found, by the name of its count.
IMPORT_COUNTS: Final = {
    "rows": "Rows read",
    "new": "New",
    "changed": "Changed",
    "unchanged": "Unchanged",
    "closed": "Closed since the last import",
    "faults": "Rows that cannot be used",
    "warnings": "Warnings",
    "elsewhere": "Of other areas, passed over",
    "not_practices": "No GP practice, passed over",
    "proposed": "Not open yet, passed over",
    "missing": "In the directory and not in the file",
}
IMPORTED_FIELDS: Final = {
    "name": "name",
    "telephone": "telephone",
    "local_authority": "local authority",
    "closed_on": "closed",
}


def options(words: Mapping[Term, str]) -> list[dict[str, str]]:
    """Return ids and words as the options of radios or a select."""
    return [{"value": str(each), "text": text} for each, text in words.items()]
