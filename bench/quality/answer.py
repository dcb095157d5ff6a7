"""Answer the extraction benchmark with somebody else's extractor, at its defaults.

    python answer.py trafilatura <pages.jsonl >answers.jsonl

Reads lines {id, url, html_path} and writes {id, title, date, authors, body, language, ms}; `ms` is
the CPU time of this process, reading the file aside. It needs nothing but the extractor, for it is
run by the interpreter of the peers' own environment.
"""

import gzip
import json
import logging
import sys
import time
from pathlib import Path


def trafilatura():
    from trafilatura import bare_extraction

    def answer(url, body):
        found = bare_extraction(body, url=url, with_metadata=True)
        if found is None:
            return {}
        return {
            "title": found.title,
            "date": found.date,
            "authors": found.author,
            "body": found.text,
            "language": found.language,
        }

    return answer


def newspaper4k():
    import newspaper

    def answer(url, body):
        article = newspaper.Article(url, fetch_images=False)
        article.download(input_html=body.decode("utf-8", "replace"))
        article.parse()
        when = article.publish_date
        return {
            "title": article.title,
            "date": when.isoformat() if hasattr(when, "isoformat") else when or None,
            "authors": article.authors,
            "body": article.text,
            "language": article.meta_lang,
        }

    return answer


def news_please():
    from newsplease import NewsPlease

    def answer(url, body):
        article = NewsPlease.from_html(body.decode("utf-8", "replace"), url=url, fetch_images=False)
        return {
            "title": article.title,
            "date": article.date_publish.isoformat() if article.date_publish else None,
            "authors": article.authors,
            "body": article.maintext,
            "language": article.language,
        }

    return answer


def readability():
    from lxml import html
    from readability import Document

    def answer(url, body):
        document = Document(body.decode("utf-8", "replace"), url=url)
        tree = html.fromstring(document.summary())
        blocks = tree.xpath("//p|//h2|//h3|//h4|//li|//blockquote[not(.//p)]|//pre")
        lines = [" ".join(block.text_content().split()) for block in blocks]
        return {"title": document.title(), "body": "\n\n".join(filter(None, lines))}

    return answer


def resiliparse():
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    def answer(url, body):
        text = bytes_to_str(body, detect_encoding(body))
        return {"body": extract_plain_text(text, main_content=True, alt_texts=False)}

    return answer


PEERS = {
    "trafilatura": trafilatura,
    "newspaper4k": newspaper4k,
    "news-please": news_please,
    "readability-lxml": readability,
    "resiliparse": resiliparse,
}


def main():
    logging.disable()
    answer = PEERS[sys.argv[1]]()
    out, sys.stdout = sys.stdout, sys.stderr  # some of them print
    for line in sys.stdin:
        asked = json.loads(line)
        body = Path(asked["html_path"]).read_bytes()
        if body.startswith(b"\x1f\x8b"):
            body = gzip.decompress(body)
        began = time.process_time()
        try:
            said = answer(asked["url"], body)
        except Exception as error:  # noqa: BLE001 -- whatever a peer raises, it has no answer
            said = {"error": repr(error)}
        spent = (time.process_time() - began) * 1000
        told = {"id": asked["id"], **said, "ms": round(spent, 2)}
        out.write(json.dumps(told, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
