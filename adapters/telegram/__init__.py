"""Tminus on Telegram: `parse` reads updates, `render` writes messages, `app` runs between them."""

import os

os.environ.setdefault("PTB_TIMEDELTA", "true")  # without it the library warns at every 429
