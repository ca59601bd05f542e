"""A bare discord.py: edits the message of a pressed button, nothing else."""

import asyncio
import os
from itertools import count

import discord
import yarl
from discord import app_commands

TEXT = "A question as long as ours are on average, so that both carry the same load. " * 16
turns = count()


class Keys(discord.ui.View):
    """Four buttons that edit the message."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        for letter in "ABCD":
            key: discord.ui.Button[Keys] = discord.ui.Button(label=letter, custom_id=f"p:2f:{letter}")
            key.callback = self.pressed  # type: ignore[method-assign]
            self.add_item(key)

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Edits."""
        await interaction.response.edit_message(embed=discord.Embed(description=f"{next(turns)} {TEXT}"), view=self)


class Bare(discord.Client):
    """One command, one view."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True, dm_messages=True))
        self.tree = app_commands.CommandTree(self)

    async def setup_hook(self) -> None:
        """Registers the command and the buttons."""
        keys = Keys()
        self.add_view(keys)

        @self.tree.command(name="quiz", description="Begin")
        async def quiz(interaction: discord.Interaction) -> None:
            await interaction.response.send_message(embed=discord.Embed(description=TEXT), view=keys)

        await self.tree.sync()


async def run() -> None:
    """Runs until killed."""
    discord.http.Route.BASE = os.environ["TMINUS_DISCORD_API_URL"]
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["TMINUS_DISCORD_GATEWAY_URL"])
    async with Bare() as client:
        await client.start(os.environ["TMINUS_DISCORD_TOKEN"])


if __name__ == "__main__":
    asyncio.run(run())
