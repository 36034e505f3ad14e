"""The face over bare HTTP: what is on the wire, with nobody's reading of it in between."""

import json
from typing import Any

import aiohttp

from tests.telegram_server.clients.face import Buttons, SeenMessage, SeenUpdate

MESSAGE_KINDS = ("message", "channel_post")


class RawRefusalError(Exception):
    """An answer with `ok: false`."""

    def __init__(self, status: int, envelope: dict[str, Any]) -> None:
        """Keep HTTP status and envelope."""
        super().__init__(envelope["description"])
        self.status = status
        self.envelope = envelope


class RawClient:
    """Posts JSON, and multipart where there is a file."""

    def __init__(self, http: aiohttp.ClientSession, base_url: str, token: str) -> None:
        """Speak as the bot with that token."""
        self._http = http
        self._base_url = base_url
        self._token = token

    async def call(self, method: str, **parameters: Any) -> Any:
        """Call a method with a JSON body; return the result.

        Raises:
            RawRefusalError: the server refused.
        """
        given = {name: value for name, value in parameters.items() if value not in (None, "", [])}
        return await self._post(method, json=given)

    async def upload(self, method: str, files: dict[str, bytes], **parameters: Any) -> Any:
        """Call a method with a multipart body."""
        form = aiohttp.FormData()
        for name, value in parameters.items():
            form.add_field(name, value if isinstance(value, str) else json.dumps(value))
        for name, data in files.items():
            form.add_field(name, data, filename=f"{name}.png")
        return await self._post(method, data=form)

    async def _post(self, method: str, **body: Any) -> Any:
        url = f"{self._base_url}/bot{self._token}/{method}"
        async with self._http.post(url, **body) as response:
            envelope = await response.json()
            if not envelope["ok"]:
                raise RawRefusalError(response.status, envelope)
            return envelope["result"]

    async def me(self) -> str:
        return str((await self.call("getMe"))["username"])

    async def send(
        self, chat_id: int, text: str, *, buttons: Buttons = (), reply_to: int | None = None
    ) -> SeenMessage:
        reply = {"message_id": reply_to} if reply_to else None
        return seen(
            await self.call(
                "sendMessage",
                chat_id=chat_id,
                text=text,
                parse_mode="HTML",
                reply_markup=_markup(buttons),
                reply_parameters=reply,
            )
        )

    async def send_photo(
        self, chat_id: int, photo: bytes | str, caption: str, *, buttons: Buttons = ()
    ) -> SeenMessage:
        fields = {"chat_id": chat_id, "caption": caption, "parse_mode": "HTML"}
        if buttons:
            fields["reply_markup"] = _markup(buttons)
        if isinstance(photo, str):
            return seen(await self.call("sendPhoto", photo=photo, **fields))
        return seen(await self.upload("sendPhoto", {"photo": photo}, **fields))

    async def edit_text(
        self, chat_id: int, message_id: int, text: str, *, buttons: Buttons = ()
    ) -> SeenMessage:
        return seen(
            await self.call(
                "editMessageText",
                chat_id=chat_id,
                message_id=message_id,
                text=text,
                parse_mode="HTML",
                reply_markup=_markup(buttons),
            )
        )

    async def edit_caption(self, chat_id: int, message_id: int, caption: str) -> SeenMessage:
        return seen(
            await self.call(
                "editMessageCaption",
                chat_id=chat_id,
                message_id=message_id,
                caption=caption,
                parse_mode="HTML",
            )
        )

    async def edit_media(
        self, chat_id: int, message_id: int, photo: bytes, caption: str
    ) -> SeenMessage:
        media = {
            "type": "photo",
            "media": "attach://chart",
            "caption": caption,
            "parse_mode": "HTML",
        }
        return seen(
            await self.upload(
                "editMessageMedia",
                {"chart": photo},
                chat_id=chat_id,
                message_id=message_id,
                media=media,
            )
        )

    async def edit_keyboard(self, chat_id: int, message_id: int, buttons: Buttons) -> SeenMessage:
        return seen(
            await self.call(
                "editMessageReplyMarkup",
                chat_id=chat_id,
                message_id=message_id,
                reply_markup=_markup(buttons),
            )
        )

    async def delete(self, chat_id: int, message_id: int) -> bool:
        return bool(await self.call("deleteMessage", chat_id=chat_id, message_id=message_id))

    async def pin(self, chat_id: int, message_id: int) -> bool:
        return bool(await self.call("pinChatMessage", chat_id=chat_id, message_id=message_id))

    async def act(self, chat_id: int) -> bool:
        return bool(await self.call("sendChatAction", chat_id=chat_id, action="typing"))

    async def answer(self, query_id: str, text: str, *, show_alert: bool = False) -> bool:
        return bool(
            await self.call(
                "answerCallbackQuery", callback_query_id=query_id, text=text, show_alert=show_alert
            )
        )

    async def set_commands(self, commands: dict[str, str], *, chat_id: int | None = None) -> bool:
        listed = [{"command": name, "description": text} for name, text in commands.items()]
        return bool(await self.call("setMyCommands", commands=listed, scope=_scope(chat_id)))

    async def commands(self, *, chat_id: int | None = None) -> dict[str, str]:
        listed = await self.call("getMyCommands", scope=_scope(chat_id))
        return {entry["command"]: entry["description"] for entry in listed}

    async def delete_commands(self, *, chat_id: int | None = None) -> bool:
        return bool(await self.call("deleteMyCommands", scope=_scope(chat_id)))

    async def title(self, chat_id: int) -> str:
        return str((await self.call("getChat", chat_id=chat_id))["title"])

    async def member_status(self, chat_id: int, user_id: int) -> str:
        member = await self.call("getChatMember", chat_id=chat_id, user_id=user_id)
        return str(member["status"])

    async def administrators(self, chat_id: int) -> dict[int, str]:
        members = await self.call("getChatAdministrators", chat_id=chat_id)
        return {member["user"]["id"]: member["status"] for member in members}

    async def download(self, file_id: str) -> bytes:
        path = (await self.call("getFile", file_id=file_id))["file_path"]
        url = f"{self._base_url}/file/bot{self._token}/{path}"
        async with self._http.get(url) as response:
            return await response.read()

    async def updates(
        self, *, offset: int = 0, timeout_s: int = 0, kinds: list[str] | None = None
    ) -> list[SeenUpdate]:
        received = await self.call(
            "getUpdates", offset=offset, timeout=timeout_s, allowed_updates=kinds
        )
        return [_seen_update(update) for update in received]

    async def set_webhook(self, url: str) -> bool:
        return bool(await self.call("setWebhook", url=url))

    async def delete_webhook(self, *, drop_pending: bool = False) -> bool:
        return bool(await self.call("deleteWebhook", drop_pending_updates=drop_pending))

    async def webhook_pending(self) -> tuple[str, int]:
        info = await self.call("getWebhookInfo")
        return info["url"], info["pending_update_count"]


def _markup(buttons: Buttons) -> dict[str, Any] | None:
    rows = [[{"text": label, "callback_data": data} for label, data in row] for row in buttons]
    return {"inline_keyboard": rows} if rows else None


def _scope(chat_id: int | None) -> dict[str, Any]:
    return {"type": "chat", "chat_id": chat_id} if chat_id else {"type": "default"}


def seen(message: dict[str, Any]) -> SeenMessage:
    """Say in plain words what the wire held."""
    text = message.get("text") or message.get("caption") or ""
    units = text.encode("utf-16-le")
    marks = message.get("entities") or message.get("caption_entities") or []
    largest = (message.get("photo") or [None])[-1]
    return SeenMessage(
        id=message["message_id"],
        chat_id=message["chat"]["id"],
        chat_type=message["chat"]["type"],
        author_id=message.get("from", {}).get("id"),
        sender_chat_id=message.get("sender_chat", {}).get("id"),
        text=text,
        bold=tuple(
            units[2 * mark["offset"] : 2 * (mark["offset"] + mark["length"])].decode("utf-16-le")
            for mark in marks
            if mark["type"] == "bold"
        ),
        labels=tuple(
            tuple(button["text"] for button in row)
            for row in message.get("reply_markup", {}).get("inline_keyboard", [])
        ),
        photo_size=(largest["width"], largest["height"]) if largest else None,
        file_id=largest["file_id"] if largest else None,
        reply_to=message.get("reply_to_message", {}).get("message_id"),
        is_edited="edit_date" in message,
    )


def _seen_update(update: dict[str, Any]) -> SeenUpdate:
    kind = next(name for name in update if name != "update_id")
    payload = update[kind]
    if kind == "callback_query":
        return _seen_press(update["update_id"], payload)
    return SeenUpdate(
        id=update["update_id"],
        kind=kind,
        message=seen(payload) if kind in MESSAGE_KINDS else None,
        user_id=payload["from"]["id"] if kind == "my_chat_member" else None,
    )


def _seen_press(update_id: int, query: dict[str, Any]) -> SeenUpdate:
    is_visible = query["message"]["date"] != 0
    return SeenUpdate(
        id=update_id,
        kind="callback_query",
        message=seen(query["message"]) if is_visible else None,
        user_id=query["from"]["id"],
        query_id=query["id"],
        data=query["data"],
        chat_instance=query["chat_instance"],
        inaccessible_id=None if is_visible else query["message"]["message_id"],
    )
