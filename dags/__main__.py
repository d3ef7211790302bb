"""Run the DAGs in order in this process: `python -m dags --home data --inbox samples`."""

import sys

from dags.local.run import main

sys.exit(main())
