"""Crawlers that gather for artificial intelligence, by the name they answer to in robots.txt.

`training` gathers what models are made of, `dataset` what is sold or given on for that, `input`
what a model is fed while it answers. The names are those that their operators publish, and those
of the lists that outlets copy (Cloudflare's managed robots.txt, ai.robots.txt), as of 2026.
"""

from typing import Literal

Purpose = Literal["training", "dataset", "input"]

_TRAINING = (
    "AI2Bot", "Ai2Bot-Dolma", "Amazonbot", "anthropic-ai", "Applebot-Extended", "Bytespider",
    "Claude-Web", "ClaudeBot", "cohere-ai", "cohere-training-data-crawler", "DeepSeekBot",
    "FacebookBot", "Google-CloudVertexBot", "Google-Extended", "GoogleOther", "GPTBot",
    "ICC-Crawler", "Meta-ExternalAgent", "PanguBot", "TikTokSpider", "xAI-Bot",
)  # fmt: skip
_DATASETS = (
    "CCBot", "Diffbot", "ImagesiftBot", "img2dataset", "omgili", "omgilibot", "Timpibot",
    "VelenPublicWebCrawler", "webzio-extended",
)  # fmt: skip
_INPUT = (
    "ChatGPT-User", "Claude-SearchBot", "Claude-User", "DuckAssistBot", "Google-NotebookLM",
    "Kagibot", "Meta-ExternalFetcher", "MistralAI-User", "OAI-SearchBot", "Perplexity-User",
    "PerplexityBot", "PhindBot", "YouBot",
)  # fmt: skip

PURPOSES: dict[str, Purpose] = {
    **{name.lower(): "training" for name in _TRAINING},
    **{name.lower(): "dataset" for name in _DATASETS},
    **{name.lower(): "input" for name in _INPUT},
}
"""By the name in lower case, as RFC 9309 §2.2.1 compares it."""


def purpose_of(agent: str) -> Purpose | None:
    """What an agent named in robots.txt gathers for; None if it is not known to be one of these."""
    return PURPOSES.get(agent.strip().lower())
