"""Sending mail: to a server, or into a folder where there is none."""

import smtplib
import socket
import ssl
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid
from pathlib import Path
from threading import Timer
from typing import Any
from urllib.parse import unquote, urlsplit

from portal.config import Config
from portal.services.letters import Letter, header

_PATIENCE, _DEADLINE = 10.0, 60.0
"""Seconds until a server has to say something, and until all is said."""
_POLICY = SMTP.clone(max_line_length=200)
"""A subject of usual length stays on its line: not every program joins it again rightly."""
_TLS_PORT, _PLAIN_PORT = 465, 587
FOLDER = "mail"


class NotTakenError(OSError):
    """The server did not take a mail: nobody got it, and it may be sent again."""


@dataclass(frozen=True, slots=True)
class Post:
    """Where letters go: `PORTAL_SMTP_URL`, or the folder `mail` of the data folder."""

    folder: Path
    smtp_url: str | None
    sender: str

    @classmethod
    def of(cls, config: Config) -> "Post":
        """Return the post of a portal."""
        host = urlsplit(config.url).hostname or "localhost"
        return cls(config.home / FOLDER, config.smtp_url, f"meridian@{host}")

    def send(self, letters: Iterable[Letter]) -> None:
        """Send letters, one message each.

        Raises:
            NotTakenError: if it is certain that the last one tried was not taken.
            OSError: if nobody can say whether it was.
        """
        try:
            messages = [self._message(letter) for letter in letters]
        except (ValueError, IndexError, MessageError) as error:
            raise NotTakenError("There is no mail address that can be written to.") from error
        if not messages:
            return
        if self.smtp_url is None:
            self._keep(messages)
        else:
            _hand_over(self.smtp_url, messages)

    def _message(self, letter: Letter) -> EmailMessage:
        # The policy refuses a header with a line break; none of ours has one to be refused.
        made = EmailMessage(policy=_POLICY)
        made["From"], made["To"] = self.sender, Address(header(letter.name), addr_spec=letter.to)
        made["Subject"] = header(letter.subject)
        domain = self.sender.partition("@")[2]
        made["Message-ID"] = f"<{letter.key}@{domain}>" if letter.key else make_msgid(domain=domain)
        if letter.unsubscribe:
            made["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
            made["Auto-Submitted"] = "auto-generated"
        made.set_content(letter.text)
        if letter.html:
            made.add_alternative(letter.html, subtype="html")
        for file in letter.files:
            made.add_attachment(
                file.body, maintype="application", subtype="pdf", filename=header(file.name)
            )
        return made

    def _keep(self, messages: Iterable[EmailMessage]) -> None:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for message in messages:
                name = message["Message-ID"].strip("<>").partition("@")[0]
                file = self.folder / f"{name}.eml"
                file.touch(mode=0o600)
                file.write_bytes(message.as_bytes())
        except OSError as error:
            raise NotTakenError(str(error)) from error


def _hand_over(address: str, messages: Iterable[EmailMessage]) -> None:
    try:
        server = _connected(address)
    except OSError as error:
        raise NotTakenError(str(error)) from error
    try:
        for message in messages:
            _hand_one_over(server, message)
    finally:
        # What it took it has taken, however it says goodbye.
        with suppress(OSError):
            server.quit()
        server.close()


def _hand_one_over(server: "_Server", message: EmailMessage) -> None:
    try:
        server.send_message(message)
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        if server.late:
            # What it was saying was cut off: that may have been a yes.
            raise TimeoutError(str(error)) from error
        # The server said no. Whatever else happens may have happened after its yes.
        raise NotTakenError(str(error)) from error


class _Server(smtplib.SMTP):
    """A mail server that is heard for so long and no longer, however slowly it speaks."""

    def __init__(self, host: str, port: int, **more: Any) -> None:  # noqa: ANN401 - of its kind
        self.late = False
        self._timer = Timer(_DEADLINE, self._cut)
        self._timer.daemon = True
        self._timer.start()
        try:
            super().__init__(host, port, timeout=_PATIENCE, **more)
        except BaseException:
            self._timer.cancel()
            raise

    def close(self) -> None:
        """Close the connection."""
        self._timer.cancel()
        super().close()

    def _cut(self) -> None:
        # Closing alone would not wake up who reads.
        self.late = True
        with suppress(OSError):
            if self.sock is not None:
                self.sock.shutdown(socket.SHUT_RDWR)


class _SafeServer(_Server, smtplib.SMTP_SSL):
    """The same over TLS from the first byte on."""


def _connected(address: str) -> _Server:
    parts = urlsplit(address)
    host, safe = parts.hostname or "localhost", ssl.create_default_context()
    server: _Server
    if parts.scheme == "smtps":
        server = _SafeServer(host, parts.port or _TLS_PORT, context=safe)
    else:
        server = _Server(host, parts.port or _PLAIN_PORT)
    try:
        if parts.username:
            if parts.scheme != "smtps":
                server.starttls(context=safe)
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server
