from collections.abc import Callable

import pytest

from archive.records import Draft

DraftOf = Callable[..., Draft]
WORDS = "The harbour of the small town will be widened until the end of next year. "


def page(body: str, title: str = "", head: str = "") -> str:
    return f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


def paid(is_free: str, words: int = 3) -> str:
    data = f'{{"@type":"NewsArticle","headline":"Harbour to grow","isAccessibleForFree":{is_free}}}'
    return page(
        f"<h1>Harbour to grow</h1><article><p>{WORDS * words}</p></article>",
        head=f'<script type="application/ld+json">{data}</script>',
    )


@pytest.mark.parametrize(
    ("html", "wall"),
    [
        (
            page(
                "<h1>We value your privacy</h1><p>We and our 842 partners store and access "
                "information on a device, such as cookies.</p><button>Accept all</button>",
                "Your privacy choices",
            ),
            "consent",
        ),
        (
            page(
                "<h1>Mit Werbung weiterlesen</h1><p>Wir und unsere Partner verarbeiten Ihre Daten."
                "</p><button>Alle akzeptieren</button>"
            ),
            "consent",
        ),
        (
            page("<p>Nous et nos partenaires utilisons cookies.</p><button>Tout accepter</button>"),
            "consent",
        ),
        (
            page("<p>Nosotros y nuestros socios guardamos datos.</p><a>Aceptar y continuar</a>"),
            "consent",
        ),
        (page("<p>Kami menghargai privasi Anda</p><button>Setujui semua</button>"), "consent"),
        (
            page(
                "<h1>Just a moment...</h1><script src='/cdn-cgi/challenge-platform/x.js'></script>",
                "Just a moment...",
            ),
            "bot",
        ),
        (
            page(
                "<p>Please enable JS and disable any ad blocker</p><script src='https://ct.captcha-delivery.com/c.js'>"
                "</script>",
                "post.example",
            ),
            "bot",
        ),
        (
            page("<div id=challenge-container></div><script>awsWafCookieDomainList=[];</script>"),
            "bot",
        ),
        (page("<p>Access denied</p>", "Access Denied"), "bot"),
        (
            page("<h1>Sign in</h1><p>Please log in to continue reading.</p><input name=user>"),
            "login",
        ),
        (page("<p>Silakan masuk untuk membaca artikel.</p>"), "login"),
        (paid("false"), "paywall"),
        (
            page(
                f"<h1>Harbour</h1><p>{WORDS * 2}</p><div class=paywall>Subscribe to read on.</div>"
            ),
            "paywall",
        ),
        (
            page(f"<h1>Hafen</h1><p>{WORDS * 2}</p><div class=paywall>Nur für Abonnenten</div>"),
            "paywall",
        ),
        (
            page(
                f"<h1>港</h1><p>{'港は来年末までに拡張される。' * 5}</p><div>有料会員限定です</div>"
            ),
            "paywall",
        ),
    ],
)
def test_a_wall_is_named_with_its_reason(draft_of: DraftOf, html: str, wall: str) -> None:
    draft = draft_of(html)
    assert draft.wall == wall
    assert draft.reason
    assert (draft.kind == "article") is (wall == "paywall" and draft.kind == "article")


@pytest.mark.parametrize(
    "html",
    [
        paid("false", words=20),
        paid("true"),
        page(
            f"<h1>Harbour</h1><p>{WORDS * 20}</p><i class=paywall>Subscribe to read</i>"
            "<div id=onetrust>We value your privacy. Accept all cookies</div>"
        ),
        page(f"<h1>Robots: are you a human?</h1><article><p>{WORDS * 20}</p></article>"),
        page(
            f"<h1>Harbour</h1><article><p>{WORDS * 4}</p></article><script src='https://x/cf-chl/a.js'></script>"
        ),
    ],
)
def test_an_article_beside_forms_and_scripts_is_no_wall(draft_of: DraftOf, html: str) -> None:
    draft = draft_of(html)
    assert draft.wall is None
    assert draft.kind == "article"


def test_the_status_tells_a_challenge_from_a_page_of_few_words(draft_of: DraftOf) -> None:
    html = page(
        "<p>Verify you are a human by completing the action below, it takes a few seconds.</p>"
    )
    assert draft_of(html, status=403).wall == "bot"
