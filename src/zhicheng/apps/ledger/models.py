"""What the ledger stores, gathered for Django."""

from zhicheng.apps.ledger.classes import SeiPattern
from zhicheng.apps.ledger.honours import HolderKind, HonourGrant, HonourScheme, HonourTier
from zhicheng.apps.ledger.marks import GeographicalIndication, GiUser, Standard, StandardDrafter, Trademark
from zhicheng.apps.ledger.organisations import (
    Organisation,
    OrganisationKind,
    OrganisationName,
    OrganisationRole,
    OrganisationRoleKind,
    OrganisationSize,
    Park,
    Person,
    PersonRole,
)
from zhicheng.apps.ledger.patents import (
    LegalEvent,
    Patent,
    PatentEvent,
    PatentKind,
    PatentLegalEvent,
    PatentOwner,
    PatentOwnerChange,
)
from zhicheng.apps.ledger.regions import LedgerRegion, RegionYear

__all__ = [
    "GeographicalIndication",
    "GiUser",
    "HolderKind",
    "HonourGrant",
    "HonourScheme",
    "HonourTier",
    "LedgerRegion",
    "LegalEvent",
    "Organisation",
    "OrganisationKind",
    "OrganisationName",
    "OrganisationRole",
    "OrganisationRoleKind",
    "OrganisationSize",
    "Park",
    "Patent",
    "PatentEvent",
    "PatentKind",
    "PatentLegalEvent",
    "PatentOwner",
    "PatentOwnerChange",
    "Person",
    "PersonRole",
    "RegionYear",
    "SeiPattern",
    "Standard",
    "StandardDrafter",
    "Trademark",
]
