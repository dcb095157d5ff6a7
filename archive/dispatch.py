"""Reports sent to where people look: by mail, and to a webhook.

    [notify]
    smtp = "mail.library.example:587"
    security = "starttls"            # starttls | tls | none (loopback only)
    sender = "kliping@library.example"

A login never stands in a file: `KLIPING_SMTP_USER` and `KLIPING_SMTP_PASSWORD`.
"""

import json
import os
import smtplib
import ssl
import urllib.error
import urllib.request
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from http.client import HTTPException, InvalidURL
from typing import IO, Any
from urllib.parse import urlsplit

from archive.clock import Clock
from archive.config import NotifyConfig
from archive.errors import ArchiveError

TIMEOUT_SECONDS = 20.0


class NotSent(ArchiveError):
    """A report could not be sent."""


def send_mail(config: NotifyConfig | None, to: str, subject: str, text: str, clock: Clock) -> None:
    """Send a plain mail.

    Raises:
        NotSent: if there is no server to send it by, or it refuses.
    """
    if config is None:
        raise NotSent("--mail needs a [notify] section in kliping.toml: smtp and sender")
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = config.sender, to, subject
    message["Date"], message["Message-ID"] = format_datetime(clock.now()), make_msgid("kliping")
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    message.set_content(text)
    try:
        with _server(config) as server:
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(f"the mail to {to} was not sent by {config.smtp}: {_said(error)}") from error


def _server(config: NotifyConfig) -> smtplib.SMTP:
    host, _, port = config.smtp.rpartition(":")
    context = ssl.create_default_context()
    name = host.strip("[]")
    server: smtplib.SMTP
    if config.security == "tls":
        server = smtplib.SMTP_SSL(name, int(port), timeout=TIMEOUT_SECONDS, context=context)
    else:
        server = smtplib.SMTP(name, int(port), timeout=TIMEOUT_SECONDS)
    try:
        if config.security == "starttls":
            server.starttls(context=context)
        if user := os.environ.get("KLIPING_SMTP_USER"):
            server.login(user, os.environ.get("KLIPING_SMTP_PASSWORD", ""))
    except BaseException:
        server.close()
        raise
    return server


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A report is for the address that was named, and no other."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def post(url: str, report: str, user_agent: str) -> None:
    """Post a report, a JSON text, to a webhook.

    Raises:
        NotSent: if the URL is none, or it does not answer 2xx. The message names the host alone:
            a webhook's path is often its secret.
    """
    host = _web_host(url)
    headers = {"Content-Type": "application/json", "User-Agent": user_agent}
    opener = urllib.request.build_opener(_NoRedirects)
    try:
        request = urllib.request.Request(url, report.encode(), headers, method="POST")  # noqa: S310
        answer: IO[bytes]
        with opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
            answer.read(1024)
    except (InvalidURL, UnicodeError) as error:
        said = "its URL holds a blank or a letter that a URL cannot hold"  # and is not quoted
        raise NotSent(f"the webhook at {host} was not asked: {said}") from error
    except (OSError, HTTPException, ValueError) as error:
        raise NotSent(f"the webhook at {host} did not take it: {_said(error)}") from error


def _web_host(url: str) -> str:
    try:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname:
            return parts.hostname
    except ValueError:
        pass  # it may hold a secret: not quoted
    raise NotSent("--webhook needs an http or https URL")


def as_message(text: str, report: dict[str, Any]) -> str:
    """A report as webhooks take it: `text` for chats (Slack, Mattermost), `report` for programs."""
    return json.dumps({"text": text, "report": report}, ensure_ascii=False)


def _said(error: BaseException) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"HTTP {error.code}"
    reason = getattr(error, "reason", None) or getattr(error, "strerror", None)
    return str(reason or str(error) or type(error).__name__)
