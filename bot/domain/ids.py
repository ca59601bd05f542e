"""The identifiers that tie packs, learners and asks together."""

from typing import Annotated, NewType

from pydantic import StringConstraints

# Author-made ids are short enough that a button carries one in its 64 bytes beside two numbers (chat/codec.py).
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]

PackId = NewType("PackId", str)
DomainId = NewType("DomainId", str)
TaskId = NewType("TaskId", str)
TopicId = NewType("TopicId", str)
ConceptId = NewType("ConceptId", str)
ItemId = NewType("ItemId", str)
ServiceId = NewType("ServiceId", str)
CardId = NewType("CardId", str)

LearnerId = NewType("LearnerId", int)
SessionId = NewType("SessionId", int)
AskId = NewType("AskId", int)
MessageId = NewType("MessageId", int)
BookingId = NewType("BookingId", int)
BattleId = NewType("BattleId", int)
