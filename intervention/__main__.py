import sys

from intervention.cli import main

sys.exit(main())
