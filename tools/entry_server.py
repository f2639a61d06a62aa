"""What the built `healthvisit-server` starts with."""

import sys

from healthvisit.server.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
