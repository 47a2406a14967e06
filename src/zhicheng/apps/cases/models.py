"""What the room of cases stores, gathered for Django."""

from zhicheng.apps.cases.imported import Case, CaseDocument, CaseMatter, CaseParty, CaseRight

__all__ = ["Case", "CaseDocument", "CaseMatter", "CaseParty", "CaseRight"]
