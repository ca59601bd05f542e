"""A bare python-telegram-bot on its default transport: answers a tap and edits the message, nothing else."""

import os
from itertools import count

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes

TEXT = "A question as long as ours are on average, so that both carry the same load. " * 16
KEYS = InlineKeyboardMarkup([[InlineKeyboardButton(letter, callback_data=f"p:2f:{letter}") for letter in "ABCD"]])
turns = count()


async def begin(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """Sends the first message."""
    assert update.effective_chat is not None
    await update.effective_chat.send_message(TEXT, reply_markup=KEYS)


async def tapped(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """Acknowledges, then edits."""
    assert update.callback_query is not None
    await update.callback_query.answer()
    await update.callback_query.edit_message_text(f"{next(turns)} {TEXT}", reply_markup=KEYS)


if __name__ == "__main__":
    application = (
        Application.builder()
        .token(os.environ["TMINUS_TELEGRAM_TOKEN"])
        .base_url(f"{os.environ['TMINUS_TELEGRAM_API_URL']}/bot")
        .concurrent_updates(True)
        .build()
    )
    application.add_handler(CommandHandler("quiz", begin))
    application.add_handler(CallbackQueryHandler(tapped))
    application.run_polling()
