"""What Discord's API v10 accepts, as a table: each line with the page of the official documentation it comes from."""

from dataclasses import dataclass

_MESSAGE = "https://docs.discord.com/developers/resources/message"
_CHANNEL = "https://docs.discord.com/developers/resources/channel"
_COMPONENT = "https://docs.discord.com/developers/components/reference"
_COMMAND = "https://docs.discord.com/developers/interactions/application-commands"
_REPLY = "https://docs.discord.com/developers/interactions/receiving-and-responding"
_RATE = "https://docs.discord.com/developers/topics/rate-limits"
_GATEWAY = "https://docs.discord.com/developers/events/gateway"


@dataclass(frozen=True, slots=True)
class Limit:
    """One number of the platform."""

    name: str
    number: int
    unit: str
    source: str


LIMITS: tuple[Limit, ...] = (
    Limit("content", 2000, "characters", f"{_MESSAGE}#create-message"),
    Limit("embeds", 10, "embeds in a message", f"{_MESSAGE}#create-message"),
    Limit("nonce", 25, "characters", f"{_MESSAGE}#create-message"),
    Limit("attachments", 10, "files in a message", f"{_MESSAGE}#create-message"),
    Limit("attachment_description", 1024, "characters", f"{_MESSAGE}#attachment-object"),
    Limit(
        "attachment_bytes", 10 * 1024 * 1024, "bytes", "https://docs.discord.com/developers/reference#uploading-files"
    ),
    Limit("messages_page", 100, "messages in a listing", f"{_MESSAGE}#get-channel-messages"),
    Limit("embed_title", 256, "characters", f"{_MESSAGE}#embed-object-embed-limits"),
    Limit("embed_description", 4096, "characters", f"{_MESSAGE}#embed-object-embed-limits"),
    Limit("embed_fields", 25, "fields in an embed", f"{_MESSAGE}#embed-object-embed-limits"),
    Limit("embed_field_name", 256, "characters", f"{_MESSAGE}#embed-object-embed-limits"),
    Limit("embed_field_value", 1024, "characters", f"{_MESSAGE}#embed-object-embed-limits"),
    Limit("embed_footer", 2048, "characters", f"{_MESSAGE}#embed-object-embed-limits"),
    Limit("embed_author", 256, "characters", f"{_MESSAGE}#embed-object-embed-limits"),
    Limit("embed_sum", 6000, "characters over all embeds of a message", f"{_MESSAGE}#embed-object-embed-limits"),
    Limit("embed_url", 2048, "characters", f"{_MESSAGE}#embed-object"),
    Limit("rows", 5, "action rows in a message", f"{_COMPONENT}#legacy-message-component-behavior"),
    Limit("row_buttons", 5, "buttons in an action row", f"{_COMPONENT}#action-row"),
    Limit("row_selects", 1, "selects in an action row", f"{_COMPONENT}#action-row"),
    Limit("button_label", 80, "characters", f"{_COMPONENT}#button"),
    Limit("button_url", 512, "characters", f"{_COMPONENT}#button"),
    Limit("custom_id", 100, "characters, at least 1", f"{_COMPONENT}#anatomy-of-a-component"),
    Limit("select_options", 25, "options", f"{_COMPONENT}#string-select"),
    Limit("select_label", 100, "characters", f"{_COMPONENT}#string-select-select-option-structure"),
    Limit("select_value", 100, "characters", f"{_COMPONENT}#string-select-select-option-structure"),
    Limit("select_description", 100, "characters", f"{_COMPONENT}#string-select-select-option-structure"),
    Limit("select_placeholder", 150, "characters", f"{_COMPONENT}#string-select"),
    Limit("v2_components", 40, "components in a message, nested ones too", f"{_COMPONENT}#component-object"),
    Limit("v2_text", 4000, "characters over all text displays", f"{_COMPONENT}#text-display"),
    Limit("section_texts", 3, "text displays in a section", f"{_COMPONENT}#section"),
    Limit("gallery_items", 10, "items in a media gallery", f"{_COMPONENT}#media-gallery"),
    Limit("media_description", 1024, "characters", f"{_COMPONENT}#thumbnail"),
    Limit("modal_title", 45, "characters", f"{_REPLY}#interaction-response-object-modal"),
    Limit("modal_inputs", 5, "components in a modal", f"{_REPLY}#interaction-response-object-modal"),
    Limit("input_label", 45, "characters", f"{_COMPONENT}#label"),
    Limit("input_description", 100, "characters", f"{_COMPONENT}#label"),
    Limit("input_value", 4000, "characters", f"{_COMPONENT}#text-input"),
    Limit("input_placeholder", 100, "characters", f"{_COMPONENT}#text-input"),
    Limit("commands", 100, "global commands, and as many per guild", f"{_COMMAND}#registering-a-command"),
    Limit("command_name", 32, "characters", f"{_COMMAND}#application-command-object-application-command-naming"),
    Limit("command_description", 100, "characters", f"{_COMMAND}#application-command-object"),
    Limit("command_options", 25, "options", f"{_COMMAND}#application-command-object"),
    Limit(
        "command_choices", 25, "choices", f"{_COMMAND}#application-command-object-application-command-option-structure"
    ),
    Limit(
        "choice_name",
        100,
        "characters",
        f"{_COMMAND}#application-command-object-application-command-option-choice-structure",
    ),
    Limit(
        "choice_value",
        100,
        "characters",
        f"{_COMMAND}#application-command-object-application-command-option-choice-structure",
    ),
    Limit(
        "option_length",
        6000,
        "characters a string option may ask for",
        f"{_COMMAND}#application-command-object-application-command-option-structure",
    ),
    Limit(
        "command_sum", 8000, "characters of names, descriptions and values in a command", f"{_COMMAND}#slash-commands"
    ),
    Limit("first_response_s", 3, "seconds", f"{_REPLY}#responding-to-an-interaction"),
    Limit("token_life_s", 15 * 60, "seconds", f"{_REPLY}#followup-messages"),
    Limit("global_requests", 50, "requests per second", f"{_RATE}#global-rate-limit"),
    Limit("channel_messages", 5, "messages per 5 seconds in a channel, as its headers tell", f"{_RATE}#header-format"),
    Limit("channel_edits", 5, "edits per 5 seconds in a channel, as their headers tell", f"{_RATE}#header-format"),
    Limit("thread_name", 100, "characters, at least 1", f"{_CHANNEL}#start-thread-from-message"),
    Limit("slowmode_s", 21600, "seconds", f"{_CHANNEL}#start-thread-from-message"),
    Limit("gateway_sends", 120, "gateway events per 60 seconds", f"{_GATEWAY}#rate-limiting"),
    Limit("gateway_payload", 4096, "bytes sent by the app in one gateway event", f"{_GATEWAY}#sending-events"),
)

_NUMBERS = {limit.name: limit.number for limit in LIMITS}


def limit(name: str) -> int:
    """The number of that line of the table."""
    return _NUMBERS[name]
