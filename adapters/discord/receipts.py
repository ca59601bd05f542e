"""What an error of Discord's means to delivery."""

from contextlib import suppress

import aiohttp
import discord

from bot.ports import Failed, Gone, Receipt, TooFast

NO_CHANNEL = 10003
# Closed direct messages, no server in common, unknown channel or user, an account that can't be written to.
GONE = frozenset({50007, 50278, NO_CHANNEL, 10013, 50033})
ROOM_GONE = GONE | {50001, 50013, 50008}  # no access to the channel, none to write there, or no channel to write in
# No such message, one of somebody else or of Discord itself, one in a thread that is archived.
VANISHED = frozenset({10008, 50005, 50021, 50083})
OPENED_TOO_FAST = 40003
OPENED_TOO_FAST_S = 60.0  # Discord says nothing more exact
NO_HINT_S = 60.0  # a 429 that does not say how long

NETWORK = (OSError, aiohttp.ClientError, TimeoutError)
TRANSIENT = (discord.HTTPException, discord.RateLimited, discord.GatewayNotFound, discord.ConnectionClosed, *NETWORK)


def receipt_of(error: BaseException, *, everyone: bool, gone: frozenset[int] = GONE) -> Receipt:
    """What delivery should know of a failed sending."""
    match error:
        case discord.RateLimited(retry_after=wait_s):
            return TooFast(wait_s, everyone)
        case discord.HTTPException(code=code) if code in gone:
            return Gone(named(error))
        case discord.HTTPException(code=code) if code == OPENED_TOO_FAST:
            return TooFast(OPENED_TOO_FAST_S, everyone=True)
        case discord.HTTPException(status=429, response=response):
            # The library waited and was refused again, or a proxy before Discord refuses the whole address.
            with suppress(ValueError):
                return TooFast(float(response.headers.get("Retry-After", NO_HINT_S)), everyone=True)
            return TooFast(NO_HINT_S, everyone=True)
        case _:
            return Failed(named(error))


def named(error: BaseException) -> str:
    """An error in a line."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
