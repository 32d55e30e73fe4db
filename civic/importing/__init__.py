"""Files from elsewhere, taken over: areas with national codes, proposals of other platforms, rolls of votes.

Each reader reports as it goes and can be run dry; the same file twice changes nothing.
"""

from civic.importing.areas import import_areas
from civic.importing.proposals import import_proposals
from civic.importing.report import Report
from civic.importing.rolls import import_roll

__all__ = ["Report", "import_areas", "import_proposals", "import_roll"]
