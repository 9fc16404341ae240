"""`python -m fairwitness` is the command `fairwitness`: the command line is one of the doors, so it lives in `web`."""

import sys

from fairwitness.web.cli import main

if __name__ == "__main__":
    sys.exit(main())
