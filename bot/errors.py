"""The errors Tminus raises on purpose. What a person may run into is an outcome instead.

TminusError
├── SettingError    a setting is wrong: its name, what is wrong, an example
├── PackError       a pack's file is wrong: file, line, what to do
├── StoreError      the database can't be used: which, why, what to do
└── PlatformError   a platform refuses us for good (a bad token)
"""


class TminusError(Exception):
    """Anything that the operator or author can set right; its text says how."""


class SettingError(TminusError):
    """A setting that can't be used as it is."""


class PackError(TminusError):
    """A pack that can't be read as it is; holds every fault found, one a line."""


class StoreError(TminusError):
    """A database that can't be opened, reached, or understood."""


class PlatformError(TminusError):
    """A platform that will not have us, and will not change its mind by waiting."""
