"""These tests begin with the law and the visits of the tests of verifying."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "verify"))
