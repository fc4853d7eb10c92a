"""What the properties are tried on."""

import pytest

from convscan.config import Config, ModelChoice
from convscan.scanner import Scanner


@pytest.fixture(scope="session")
def rules_alone() -> Scanner:
    """The rules without a model: one sentence more changes nothing of what they make of the others."""
    return Scanner(Config(model=ModelChoice.NONE))
