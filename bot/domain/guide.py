"""The guide of a domain: tips, labs to do by hand, and documentation to read with questions in mind."""

from enum import StrEnum

from pydantic import Field, HttpUrl

from bot.domain.ids import Slug
from bot.domain.item import Model, Text

TIP = 400  # characters that a tip may have
LAB = 3_000  # and a lab as a whole: it is one message


class GuidePart(StrEnum):
    """What a guide holds."""

    TIPS = "tips"
    LABS = "labs"
    READING = "reading"


class Lab(Model):
    """Something to do in one's own account, with an end that can be seen (S138-S150)."""

    id: Slug
    title: Text
    steps: tuple[Text, ...] = Field(min_length=2)
    outcome: Text  # what is there, or known, when it is done
    topics: tuple[Slug, ...] = Field(min_length=1)
    minutes: int = Field(ge=5, le=480)
    cost: Text  # what it costs, and what keeps that small
    cleanup: Text  # what to delete so that it stops costing

    @property
    def length(self) -> int:
        """Its characters."""
        return sum(map(len, (self.title, *self.steps, self.outcome, self.cost, self.cleanup)))


class Page(Model):
    """A page of documentation and the questions to read it with (S131-S137)."""

    title: Text
    url: HttpUrl
    questions: tuple[Text, ...] = Field(min_length=1)
    topics: tuple[Slug, ...] = Field(min_length=1)
    revisit: bool = False  # whether it is worth a second, more precise reading (S133, S137)


class Guide(Model):
    """What a domain's guide file holds."""

    domain: Slug
    tips: tuple[Text, ...] = ()
    labs: tuple[Lab, ...] = ()
    reading: tuple[Page, ...] = ()
