"""What every test stands on."""

from __future__ import annotations

import warehouse  # noqa: F401  (before openpyxl: decides with which XML library it writes)
