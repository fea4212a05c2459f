from deployments.forms.deployment import DeploymentForm, MoveForm
from deployments.forms.ledger import (
    DeclarationForm,
    ReversalForm,
    StatementForm,
    TransferForm,
)
from deployments.forms.needs import (
    MatchingClassForm,
    PatternEndForm,
    PatternForm,
    StationClassForm,
    StationTagForm,
)
from deployments.forms.readiness import ReadinessForm
from deployments.forms.review import ReturnForm

__all__ = [
    "DeclarationForm",
    "DeploymentForm",
    "MatchingClassForm",
    "MoveForm",
    "PatternEndForm",
    "PatternForm",
    "ReadinessForm",
    "ReturnForm",
    "ReversalForm",
    "StatementForm",
    "StationClassForm",
    "StationTagForm",
    "TransferForm",
]
