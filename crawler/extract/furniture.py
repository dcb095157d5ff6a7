"""Words in class and id names that mark furniture: what stands around or inside an article.

Class names are English whatever the language of the page, so one list serves all. The words were
chosen on half of 262 pages with bodies by hand (outlets A) and tried on the other half (outlets B).
Beside each group stands what it does: pages that are better and worse with it, on A and on B.
"""

import re
from functools import lru_cache

_GROUPS = {
    # boxes of facts and background beside the article: A 1 better, 0 worse; B 2, 0
    "box": r"fact-?box|info-?box|faktaboks|faktaruta|infokasten",
    # advertisements and calls to act: A 2, 0; B 2, 0
    "promotion": r"promos?|cta|advert\w*|sponsor\w*|banner|outbrain|taboola|piano",
    # other articles: A 6, 0; B 3, 1
    "related": r"relat(?:ed|ion)\w*|recirc\w*|recommend\w*|popular\w*|most-?read|trending|similar|"
    r"teasers?\w*|read-?more|more-?(?:topics?|news|stories|on|from)|see-?also|also-?read|"
    r"further-?reading|suggest\w*|up-?next|collections?|onward|mehr-?zum|latest\w*|"
    r"link-?(?:box|list)|read-?next|next-?article|prev\w*",
    # letters and followers: A 1, 0; B 1, 0
    "letter": r"newsletter\w*|subscri\w+|sign-?up|whatsapp\w*|follow(?:-?us)?|app-?download|"
    r"donat\w*|membership",
    # share, print and copy: A 1, 0; B 0, 0
    "tool": r"shar(?:e|ing)\w*|social\w*|print-(?:header|footer|only)|toast\w*|tool-?(?:bar|box)|"
    r"reprint\w*|copy-?link|clipboard",
    # who wrote it: A 2, 0; B 7, 1
    "author": r"author-?(?:bio|info|box|card|desc\w*|line)\w*|bio|biography|byline\w*|authors?|"
    r"about-?(?:the-)?author\w*|autor\w*|contributor\w*|writer",
    # captions and credits: A 4, 0; B 0, 0
    "picture": r"captions?|img-?(?:desc\w*|box\w*)|image-?(?:desc\w*|credit|info|text|source|box)|"
    r"photo-?(?:credit|info|desc\w*)|credits?|media-?(?:info|title|caption|additional\w*)|legend|"
    r"gallery\w*|slideshow|lightbox",
    # what readers do not see: A 1, 0; B 2, 0
    "hidden": r"visually-?hidden|sr-?only|screen-?reader\w*|(?<!label-)hidden|hide|d-none|"
    r"modal\w*|popup|scrim|overlay",
    # when, and how long it takes to read: A 1, 0; B 0, 0
    "time": r"(?:estimated-?)?read(?:ing)?-?time|timestamp|date(?:line|time)?|published?|updated",
    # what others say: A 0, 0; B 1, 0
    "comment": r"comments?|discussion|disqus|reply|replies",
    # rights and consent: A 3, 0; B 0, 0
    "law": r"copyright|disclaimer|imprint|legal|art-?source|paywall-?(?:message|banner|prompt)|"
    r"correction-?box|consent|cookie\w*",
    # quotes pulled out of the text: A 1, 0; B 0, 0. Posts of others that an article shows belong
    # to it: without them A 1, 0; B 0, 4
    "quote": r"pull-?quotes?|module-quote",
}
_OWN = re.compile(
    r"(?:^|\s)(?:hentry|type-post|field-{1,2}name-body|entry-content|post-content|article-body|"
    r"articlebody|story-body|content-body)(?:\s|$)"
)
"""What the commonest systems call the element of a text: WordPress gives it all of its categories
and tags as names (`category-latest-news`), Drupal 7 `field-label-hidden`. 2 pages better,
1 worse."""
_NAMES_LIMIT = 400
"""Characters of class and id that are read: a page may give an element megabytes."""
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_FURNITURE = re.compile(rf"(?<![a-z])(?:{'|'.join(_GROUPS.values())})(?![a-z])")


def is_furniture(names: str) -> bool:
    """Whether the class and id names of an element mark it as furniture (`c-newsletter-box`)."""
    return _known(names[:_NAMES_LIMIT])


@lru_cache(maxsize=8192)  # pages of an outlet share their names, and a page repeats its own
def _known(names: str) -> bool:
    if _OWN.search(names.casefold()):
        return False
    return bool(_FURNITURE.search(_HUMP.sub("-", names).lower().replace("_", "-")))
