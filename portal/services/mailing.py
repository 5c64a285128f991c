"""Sending mail: to a server, or into a folder where there is none."""

import smtplib
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid
from pathlib import Path
from urllib.parse import unquote, urlsplit

from portal.config import Config
from portal.services.password_links import Letter

_PATIENCE = 10.0
_TLS_PORT, _PLAIN_PORT = 465, 587
FOLDER = "mail"


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
            OSError: if the server does not take one, or the folder can't be written.
        """
        messages = [self._message(letter) for letter in letters]
        if not messages:
            return
        if self.smtp_url is None:
            self._keep(messages)
        else:
            _hand_over(self.smtp_url, messages)

    def _message(self, letter: Letter) -> EmailMessage:
        # The policy refuses a header with a line break: no name or subject can add one.
        made = EmailMessage(policy=SMTP)
        made["From"], made["To"], made["Subject"] = self.sender, letter.to, letter.subject
        made["Message-ID"] = make_msgid(domain=self.sender.partition("@")[2])
        made.set_content(letter.text)
        return made

    def _keep(self, messages: Iterable[EmailMessage]) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in messages:
            name = message["Message-ID"].strip("<>").partition("@")[0]
            file = self.folder / f"{name}.eml"
            file.touch(mode=0o600)
            file.write_bytes(message.as_bytes())


def _hand_over(address: str, messages: Iterable[EmailMessage]) -> None:
    parts = urlsplit(address)
    host, safe = parts.hostname or "localhost", ssl.create_default_context()
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, parts.port or _TLS_PORT, timeout=_PATIENCE, context=safe)
    else:
        server = smtplib.SMTP(host, parts.port or _PLAIN_PORT, timeout=_PATIENCE)
    with server:
        if parts.username:
            if parts.scheme != "smtps":
                server.starttls(context=safe)
            server.login(unquote(parts.username), unquote(parts.password or ""))
        for message in messages:
            server.send_message(message)
