"""How a bot answers interactions: the callback with its rules, and the webhook of its token."""

from collections.abc import Callable

from tests.platform.discord_api import Messages
from tests.platform.discord_checks import EPHEMERAL, LOADING, Json, Refused, check_modal
from tests.platform.discord_command_checks import check_autocomplete
from tests.platform.discord_limits import limit
from tests.platform.discord_rest import Asked, Handler, Reply
from tests.platform.discord_world import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT, Interaction, Message, World

MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9


class Replies:
    """The handlers of interaction callbacks and followups."""

    def __init__(self, world: World, messages: Messages, deadline_s: Callable[[], float]) -> None:
        self.world = world
        self.messages = messages
        self._deadline_s = deadline_s

    def routes(self) -> list[tuple[str, str, Handler]]:
        webhook = "/webhooks/{app}/{token}"
        return [
            ("POST", "/interactions/{interaction}/{token}/callback", self._callback),
            ("POST", webhook, self._follow_up),
            ("GET", webhook + "/messages/{message}", self._get),
            ("PATCH", webhook + "/messages/{message}", self._edit),
            ("DELETE", webhook + "/messages/{message}", self._delete),
        ]

    async def _callback(self, asked: Asked) -> Reply:
        made = self.world.interactions.get(asked.id("interaction"))
        if made is None or made.token != asked.params["token"]:
            raise Refused(404, 10062, "Unknown interaction")
        if made.acknowledged:
            raise Refused(400, 40060, "Interaction has already been acknowledged.")
        if made.failed or self.world.clock_s() - made.born_s > self._deadline_s():
            raise Refused(404, 10062, "Unknown interaction")
        body = asked.dict()
        kind = body.get("type")
        if kind not in _fitting(made):
            text = f"Value must be one of {_fitting(made)}."
            error = {"_errors": [{"code": "BASE_TYPE_CHOICES", "message": text}]}
            raise Refused(400, 50035, "Invalid Form Body", {"type": error})
        message = self._answer(made, kind, body.get("data") or {}, asked)
        made.acknowledge(kind)
        self.world.touch()
        if asked.query.get("with_response", "0").lower() not in {"1", "true"}:
            return 204, None
        return 200, _callback_answer(made, kind, message)

    def _answer(self, made: Interaction, kind: int, data: Json, asked: Asked) -> Message | None:
        if kind == MESSAGE:
            made.original = self.messages.compose(made.channel, data, asked.files, at=("data",), interaction=made)
        elif kind == DEFER:
            flags = (data.get("flags") or 0) & EPHEMERAL
            made.original = made.placeholder = self.world.post(
                made.channel,
                self.world.bot,
                {},
                flags=flags | LOADING,
                only_for=made.account if flags else None,
                interaction=made,
            )
        elif kind == DEFER_UPDATE:
            made.original = made.source
        elif kind == UPDATE:
            assert made.source is not None
            made.original = self.messages.change(made.source, data, asked.files, at=("data",))
        elif kind == CHOICES:
            check_autocomplete(data, _focused_kind(made.data))
            made.choices = data.get("choices") or []
        else:
            check_modal(data)
            made.modal = data
        return made.original

    def _find(self, asked: Asked) -> Interaction:
        made = self.world.tokens.get(asked.params["token"])
        if made is None or asked.id("app") != self.world.bot.id:
            raise Refused(404, 10015, "Unknown Webhook")
        if self.world.clock_s() - made.born_s > limit("token_life_s"):
            raise Refused(401, 50027, "Invalid Webhook Token")
        if not made.acknowledged:
            raise Refused(404, 10015, "Unknown Webhook")
        return made

    async def _follow_up(self, asked: Asked) -> Reply:
        made = self._find(asked)
        if made.placeholder is not None:
            # The first followup after a deferral takes the place of "is thinking".
            message = self.messages.change(made.placeholder, asked.dict(), asked.files)
            made.placeholder = None
        else:
            message = self.messages.compose(made.channel, asked.dict(), asked.files, interaction=made)
        made.shown()
        return 200, message.payload()

    def _find_message(self, asked: Asked) -> tuple[Interaction, Message]:
        made = self._find(asked)
        name = asked.params["message"]
        message = made.original if name == "@original" else self.world.messages.get(asked.id("message"))
        own = message is not None and (message is made.original or message.interaction is made)
        if message is None or message.deleted or not own:
            raise Refused(404, 10008, "Unknown Message")
        return made, message

    async def _get(self, asked: Asked) -> Reply:
        return 200, self._find_message(asked)[1].payload()

    async def _edit(self, asked: Asked) -> Reply:
        made, message = self._find_message(asked)
        self.messages.change(message, asked.dict(), asked.files)
        if message is made.placeholder:
            made.placeholder = None
        made.shown()
        return 200, message.payload()

    async def _delete(self, asked: Asked) -> Reply:
        made, message = self._find_message(asked)
        self.world.delete(message)
        if message is made.placeholder:
            made.placeholder = None
        return 204, None


def _fitting(made: Interaction) -> tuple[int, ...]:
    """The types of first response that this interaction takes."""
    updates = (DEFER_UPDATE, UPDATE) if made.source is not None else ()
    return {
        COMMAND: (MESSAGE, DEFER, MODAL),
        COMPONENT: (MESSAGE, DEFER, *updates, MODAL),
        AUTOCOMPLETE: (CHOICES,),
        MODAL_SUBMIT: (MESSAGE, DEFER, *updates),
    }[made.kind]


def _focused_kind(data: Json) -> int:
    for option in data.get("options") or []:
        if option.get("focused"):
            return int(option["type"])
        inner = _focused_kind(option)
        if inner:
            return inner
    return 0


def _callback_answer(made: Interaction, kind: int, message: Message | None) -> Json:
    about: Json = {"id": str(made.id), "type": made.kind}
    if message is not None:
        about["response_message_id"] = str(message.id)
        about["response_message_loading"] = bool(message.flags & LOADING)
        about["response_message_ephemeral"] = bool(message.flags & EPHEMERAL)
    answer: Json = {"interaction": about}
    if message is not None and kind in {MESSAGE, UPDATE}:
        answer["resource"] = {"type": kind, "message": message.payload()}
    return answer
