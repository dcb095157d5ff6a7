"""Reports are sent by real servers on loopback, and what is not sent is said."""

import pytest
from aiosmtpd.smtp import AuthResult
from support.archives import NOW
from support.postboxes import hook, post_office

from archive.clock import SimulatedClock
from archive.dispatch import NotSent, as_message, post, send_mail


def send(config, text="All is well.\n", to="anna@lib.example"):
    send_mail(config, to, "kliping: 3 of 3 captured", text, SimulatedClock(NOW))


def test_a_mail_arrives_as_it_was_written():
    with post_office() as (box, config):
        send(config, "Étienne a écrit\n.\nDone\n")
    [mail] = box.mails
    assert (mail["From"], mail["To"]) == ("k@lib.example", "anna@lib.example")
    assert mail["Subject"] == "kliping: 3 of 3 captured"
    assert mail["Date"] == "Mon, 02 Mar 2026 06:00:00 +0000"
    text = mail.get_payload(decode=True).decode()
    assert text.splitlines() == ["Étienne a écrit", ".", "Done"]


def test_a_login_comes_from_the_environment(monkeypatch):
    asked = []

    def login(_server, _session, _envelope, _mechanism, data):
        asked.append((data.login, data.password))
        return AuthResult(success=True)

    monkeypatch.setenv("KLIPING_SMTP_USER", "anna")
    monkeypatch.setenv("KLIPING_SMTP_PASSWORD", "secret")
    with post_office(authenticator=login, auth_required=True, auth_require_tls=False) as (
        box,
        config,
    ):
        send(config)
    assert asked == [(b"anna", b"secret")]
    assert len(box.mails) == 1


def test_a_header_cannot_be_smuggled_in():
    with post_office() as (box, config), pytest.raises(ValueError, match=r"linefeed|newline"):
        send(config, to="anna@lib.example\nBcc: all@lib.example")
    assert box.mails == []


def test_without_a_server_it_says_what_to_write():
    with pytest.raises(NotSent, match=r"\[notify\].*smtp and sender"):
        send(None)


def test_a_server_that_speaks_no_tls_gets_no_mail():
    with post_office() as (box, plain):
        config = plain.model_copy(update={"security": "starttls"})
        with pytest.raises(NotSent, match="STARTTLS"):
            send(config)
    assert box.mails == []


def test_a_server_that_is_not_there_is_named():
    with post_office() as (_, config):
        pass
    with pytest.raises(NotSent, match=f"not sent by {config.smtp}: Connection refused"):
        send(config)


def test_a_webhook_gets_a_text_and_the_report():
    with hook(204) as (url, posted):
        post(url, as_message("All is well", {"outlets": []}), "kliping/1")
    assert posted == [
        ("/hook", "application/json", {"text": "All is well", "report": {"outlets": []}})
    ]


def test_a_webhook_that_refuses_is_named_without_its_secret():
    with hook(500) as (url, _), pytest.raises(NotSent, match=r"127\.0\.0\.1 .*HTTP 500") as told:
        post(url, "{}", "kliping/1")
    assert "hook" not in str(told.value).replace("webhook", "")


@pytest.mark.parametrize("path", ["/services/T0KEN /x", "/services/T0KEN\r\nA: b", "/T0KEN/\xe9"])
def test_a_webhook_that_cannot_be_asked_is_named_without_its_secret(path):
    with pytest.raises(NotSent) as told:
        post(f"http://127.0.0.1:9{path}", "{}", "kliping/1")
    assert "T0KEN" not in str(told.value)


def test_a_report_follows_no_redirect():
    with hook() as (other, elsewhere), hook(302, Location=other) as (url, posted):
        with pytest.raises(NotSent, match="HTTP 302"):
            post(url, "{}", "kliping/1")
        assert len(posted) == 1
    assert elsewhere == []


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://x/", "hook", "http://", "http://[::1"]
)
def test_what_is_no_web_address_is_refused(url):
    with pytest.raises(NotSent):
        post(url, "{}", "kliping/1")
