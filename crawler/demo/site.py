"""One outlet as a web site: which page an address shows at an instant, good days and bad."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from urllib.parse import unquote

from crawler.demo import annals, listings, pages
from crawler.demo.behaviours import BEHAVIOURS, Scene
from crawler.demo.content import Article, DemoOutlet
from crawler.demo.edits import Story
from crawler.demo.furniture import MADE_AT, VALIDATORS, furniture, is_furniture
from crawler.demo.replies import Reply, conditioned, page, redirect
from crawler.demo.timeline import last_moment, story_at

Count = Callable[[str], int]
"""How many requests one client has made for something before this one."""


class Site:
    """Answers for one outlet; holds nothing but the outlet's content."""

    def __init__(self, outlet: DemoOutlet) -> None:
        self.outlet = outlet
        printed = (*outlet.articles, *annals.annals_of(outlet))
        self._articles = {unquote(article.path): article for article in printed}
        self._listings = {path: kind for kind, path in outlet.listings.items() if path[:1] == "/"}

    def answer(self, scene: Scene, count: Count | None) -> Reply:
        """The reply to one request; without `count`, behaviours limited to some times are over."""
        reply = self._page(scene)
        for number, tied in enumerate(self.outlet.attachments):
            if not tied.covers(scene.path, scene.at):
                continue
            if tied.times is not None:
                key = f"{scene.base} {number} {scene.path}"
                if count is None or count(key) >= tied.times:
                    continue
            reply = BEHAVIOURS[tied.name](replace(scene, tied=tied), reply)
        is_file = is_furniture(scene.path)
        return conditioned(reply, scene.request, VALIDATORS if is_file else self.outlet.validators)

    def article_at(self, path: str) -> Article | None:
        """The article that an address of the site leads to without a redirect."""
        return self._resolve(path)[0]

    def _resolve(self, path: str) -> tuple[Article | None, bool]:
        """The article, and whether the address is the one of its AMP page."""
        bare = unquote(path).rstrip("/")
        if self.outlet.has_amp and bare.endswith("/amp"):
            return self._articles.get(bare.removesuffix("/amp")), True
        return self._articles.get(bare), False

    def _page(self, scene: Scene) -> Reply:
        outlet, path = self.outlet, scene.path
        changed = last_moment(outlet, scene.at)
        slug = path.strip("/")
        if path == "/":
            return page(pages.front(outlet, scene.base, scene.at), changed=changed)
        if slug in outlet.sections and path.endswith("/"):
            return page(pages.section(outlet, scene.base, scene.at, slug), changed=changed)
        if path in self._listings:
            return listings.listing(outlet, scene.base, scene.at, self._listings[path])
        past = annals.answer(outlet, scene.base, path)
        return self._article(scene) or past or self._rest(scene)

    def _article(self, scene: Scene) -> Reply | None:
        article, is_amp = self._resolve(scene.path)
        story = story_at(article, scene.at) if article else None
        if story is None:
            return None
        if story.gone:
            return self._gone(scene, story.gone)
        if is_amp:
            return page(pages.amp(self.outlet, scene.base, story), changed=story.changed)
        reply = page(
            pages.article(self.outlet, scene.base, scene.at, story),
            changed=self._changed(scene, story),
        )
        name, _, value = self.outlet.rights.get("header", "").partition(": ")
        return replace(reply, headers=((name, value),)) if name else reply

    def _changed(self, scene: Scene, story: Story) -> datetime:
        """A page with a sidebar changes whenever the outlet prints anything."""
        return last_moment(self.outlet, scene.at) if self.outlet.has_sidebar else story.changed

    def _gone(self, scene: Scene, gone: int) -> Reply:
        if gone == HTTPStatus.MOVED_PERMANENTLY:
            return redirect(f"{scene.base}/", gone)
        title, text = self.outlet.words["gone_title"], self.outlet.words["gone_text"]
        return page(pages.notice(self.outlet, scene.base, title, text), status=gone)

    def _rest(self, scene: Scene) -> Reply:
        changed = last_moment(self.outlet, scene.at)
        if scene.path == "/robots.txt":
            text = listings.robots([("", self.outlet)], [scene.base])
            return Reply(media="text/plain; charset=utf-8", body=text.encode(), changed=changed)
        if stated := self._stated(scene.path):
            return stated
        if file := furniture(self.outlet, scene.path, scene.at):
            return file
        posts = {post.path: post for post in self.outlet.signposts}
        if scene.path in posts and scene.path.startswith(self.outlet.private):
            text = self.outlet.words["private_text"]
            return page(
                pages.notice(self.outlet, scene.base, posts[scene.path].title, text),
                changed=changed,
            )
        return self._gone(scene, HTTPStatus.NOT_FOUND)

    def _stated(self, path: str) -> Reply | None:
        """A file in which the outlet states rights."""
        kinds = {
            "/.well-known/tdmrep.json": ("tdmrep", "application/json"),
            "/ai.txt": ("ai_txt", "text/plain; charset=utf-8"),
        }
        name, media = kinds.get(path, ("", ""))
        text = self.outlet.rights.get(name)
        return Reply(media=media, body=text.encode(), changed=MADE_AT) if text else None
