"""annotations/ is no part of the package govie: it lies at the top of the repository and is run from there."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
