"""A mail server of the outside world on 127.0.0.1. The stand-in for Twilio is `tests.servers.twilio`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.servers.process import free_port

OK = "250 OK"


@dataclass
class Mailbox:
    """A real SMTP server's mail, and what it answers: one answer for each message, then OK."""

    port: int
    mails: list[EmailMessage] = field(default_factory=list)
    answers_to_rcpt: list[str] = field(default_factory=list)
    answers_to_data: list[str] = field(default_factory=list)
    on_mail: Callable[[], None] = lambda: None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answers_to_rcpt.pop(0) if self.answers_to_rcpt else OK
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.answers_to_data.pop(0) if self.answers_to_data else OK
        if answer == "hang up after taking it":
            self._take(envelope)
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            return OK
        if answer == OK:
            self._take(envelope)
        return answer

    def _take(self, envelope: Envelope) -> None:
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.on_mail()


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """A mail server that runs in a thread."""
    mailbox = Mailbox(free_port())
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()
