"""Services: the products that items and cards name, and where each stands in its life."""

from datetime import date
from enum import StrEnum

from pydantic import HttpUrl

from bot.domain.item import Model, Text


class ServiceState(StrEnum):
    """Whether a new customer can still use a service."""

    OPEN = "open"
    CLOSED = "closed"  # existing customers only
    DISCONTINUED = "discontinued"


class Service(Model):
    """A product that items name, and where it stands in its life."""

    name: Text
    formerly: Text | None = None
    state: ServiceState = ServiceState.OPEN
    since: date | None = None  # of the state, where it is not open
    instead: Text | None = None  # what a newcomer uses today
    source: HttpUrl | None = None

    @property
    def full_name(self) -> str:
        """The name, with the one it had before."""
        return f"{self.name} (formerly {self.formerly})" if self.formerly else self.name
