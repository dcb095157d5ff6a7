"""What an outlet does to an article it has printed: edits, corrections, deletions, a paywall.

`EDITS` names them; a file of content attaches one with `[[article.change]]` and an instant.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from crawler.demo.content import Article, Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An article as it stands at one instant.

    `modified` is what the page says about itself, `changed` when it really changed.
    """

    article: Article
    title: str
    paragraphs: tuple[str, ...] = field(repr=False)
    modified: datetime
    changed: datetime
    correction: str | None = None
    is_free: bool = True
    gone: Literal[404, 410, 301] | None = None

    @property
    def shown(self) -> tuple[str, ...]:
        """The paragraphs that a reader without a subscription sees."""
        if not self.is_free:
            return self.paragraphs[:1]
        return self.paragraphs + ((self.correction,) if self.correction else ())


Edit = Callable[[Story, Change], Story]


def edited_headline(story: Story, change: Change) -> Story:
    """Another headline over the same text; the page says that it was modified."""
    return replace(story, title=change.title or story.title, modified=change.at)


def silent_edit(story: Story, change: Change) -> Story:
    """Other words in the body, while every date on the page stays as it was."""
    return replace(story, paragraphs=_reworded(story, change))


def correction(story: Story, change: Change) -> Story:
    """Other words in the body, with a notice below that says what was wrong."""
    return replace(
        story, paragraphs=_reworded(story, change), correction=change.note, modified=change.at
    )


def deleted_404(story: Story, _change: Change) -> Story:
    """The article is not found any more."""
    return replace(story, gone=404)


def deleted_410(story: Story, _change: Change) -> Story:
    """The article is gone, and the server says so."""
    return replace(story, gone=410)


def deleted_redirect(story: Story, _change: Change) -> Story:
    """The article is gone, and its address leads to the front page."""
    return replace(story, gone=301)


def paywall(story: Story, _change: Change) -> Story:
    """Only the first paragraph is left, above an offer to subscribe."""
    return replace(story, is_free=False)


EDITS: Mapping[str, Edit] = {
    "edited-headline": edited_headline,
    "silent-edit": silent_edit,
    "correction": correction,
    "deleted-404": deleted_404,
    "deleted-410": deleted_410,
    "deleted-redirect": deleted_redirect,
    "paywall": paywall,
}


def _reworded(story: Story, change: Change) -> tuple[str, ...]:
    old, new = change.old or "", change.new or ""
    if not old or sum(text.count(old) for text in story.paragraphs) != 1:
        raise ValueError(f"{story.article.slug}: {old!r} must stand exactly once in the text")
    return tuple(text.replace(old, new) for text in story.paragraphs)
