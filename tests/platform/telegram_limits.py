"""The numbers Telegram holds a bot to, one line each with the page that says so."""

from dataclasses import dataclass

_API = "https://core.telegram.org/bots/api"
_FAQ = "https://core.telegram.org/bots/faq"
_PTB = "https://docs.python-telegram-bot.org/en/v22.8/telegram.constants.html"


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit: the largest (or smallest) number that Telegram still accepts."""

    name: str
    number: int
    unit: str
    source: str


LIMITS = (
    Limit("text_min", 1, "characters after entities parsing", f"{_API}#sendmessage"),
    Limit("text_max", 4096, "characters after entities parsing", f"{_API}#sendmessage"),
    Limit("caption_max", 1024, "characters after entities parsing", f"{_API}#sendphoto"),
    Limit("photo_max", 10 * 1024 * 1024, "bytes of a photo", f"{_API}#sendphoto"),
    Limit("photo_sides_max", 10_000, "pixels, width and height together", f"{_API}#sendphoto"),
    Limit("photo_ratio_max", 20, "times the shorter side", f"{_API}#sendphoto"),
    Limit("file_max", 50 * 1024 * 1024, "bytes of any other file", f"{_API}#sending-files"),
    Limit("callback_data_min", 1, "bytes", f"{_API}#inlinekeyboardbutton"),
    Limit("callback_data_max", 64, "bytes", f"{_API}#inlinekeyboardbutton"),
    Limit("buttons_max", 100, "buttons", f"{_PTB}#telegram.constants.InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER"),
    Limit("buttons_in_row_max", 8, "buttons", f"{_PTB}#telegram.constants.InlineKeyboardMarkupLimit.BUTTONS_PER_ROW"),
    Limit("callback_answer_max", 200, "characters", f"{_API}#answercallbackquery"),
    Limit("updates_min", 1, "updates a poll", f"{_API}#getupdates"),
    Limit("updates_max", 100, "updates a poll", f"{_API}#getupdates"),
    Limit("commands_max", 100, "commands a scope and language", f"{_API}#setmycommands"),
    Limit("command_max", 32, "characters", f"{_API}#botcommand"),
    Limit("command_description_max", 256, "characters", f"{_API}#botcommand"),
    Limit("description_max", 512, "characters", f"{_API}#setmydescription"),
    Limit("short_description_max", 120, "characters", f"{_API}#setmyshortdescription"),
    Limit("poll_question_max", 300, "characters", f"{_API}#sendpoll"),
    Limit("poll_options_max", 12, "options", f"{_API}#sendpoll"),
    Limit("poll_option_max", 100, "characters", f"{_API}#inputpolloption"),
    Limit("poll_explanation_max", 200, "characters after entities parsing", f"{_API}#sendpoll"),
    Limit("poll_explanation_lines_max", 2, "line feeds", f"{_API}#sendpoll"),
    Limit("poll_description_max", 1024, "characters after entities parsing", f"{_API}#sendpoll"),
    Limit("poll_open_min", 5, "seconds", f"{_API}#sendpoll"),
    Limit("poll_open_max", 2_628_000, "seconds", f"{_API}#sendpoll"),
    Limit("delete_age_max", 48 * 3600, "seconds", f"{_API}#deletemessage"),
    Limit("file_download_max", 20 * 1024 * 1024, "bytes to download", f"{_API}#getfile"),
    Limit("rate_overall", 30, "messages a second", f"{_FAQ}#my-bot-is-hitting-limits-how-do-i-avoid-this"),
    Limit("rate_chat", 1, "messages a second in one chat", f"{_FAQ}#my-bot-is-hitting-limits-how-do-i-avoid-this"),
    Limit("rate_group", 20, "messages a minute in one group", f"{_FAQ}#my-bot-is-hitting-limits-how-do-i-avoid-this"),
)

LIMIT = {limit.name: limit.number for limit in LIMITS}
