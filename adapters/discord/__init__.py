"""Discord: slash commands, buttons and direct messages by discord.py, over its Gateway."""
