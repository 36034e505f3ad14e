"""A mail server that speaks just enough SMTP (RFC 5321) to take a message."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Final

_ANSWERS: Final = {
    b"EHLO": b"250-mail.test\r\n250 AUTH PLAIN LOGIN",
    b"HELO": b"250 mail.test",
    b"AUTH": b"235 welcome",
    b"MAIL": b"250 ok",
    b"RCPT": b"250 ok",
    b"DATA": b"354 go on",
    b"QUIT": b"221 bye",
}


@dataclass
class MailServer:
    """Messages that were taken; `refuses_login` turns every login away."""

    port: int = 0
    refuses_login: bool = False
    taken: list[EmailMessage] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.test\r\n")
        while line := await reader.readline():
            verb = line[:4].upper()
            writer.write(self._answer(verb) + b"\r\n")
            if verb == b"DATA":
                await self._take(reader, writer)
            if verb == b"QUIT":
                break
        writer.close()

    def _answer(self, verb: bytes) -> bytes:
        if verb == b"AUTH" and self.refuses_login:
            return b"535 who are you"
        return _ANSWERS.get(verb, b"500 what")

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        content = await reader.readuntil(b"\r\n.\r\n")
        message = message_from_bytes(content[:-5], _class=EmailMessage, policy=policy.default)
        self.taken.append(message)
        writer.write(b"250 taken\r\n")


@asynccontextmanager
async def listening_mail_server() -> AsyncIterator[MailServer]:
    mail = MailServer()
    server = await asyncio.start_server(mail.serve, "127.0.0.1", 0)
    mail.port = server.sockets[0].getsockname()[1]
    try:
        yield mail
    finally:
        server.close()
        await server.wait_closed()
