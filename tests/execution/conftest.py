import pytest

from tests.execution.worksite import Worksite, lay_worksite


@pytest.fixture
def worksite(cast) -> Worksite:
    """A running clause of the region: Fanny follows it, Corinne and Sonia declare under it."""
    return lay_worksite(cast)
