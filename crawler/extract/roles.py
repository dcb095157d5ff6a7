"""The words around names, by language: who signs, in what office, for which agency, with whom."""

import re
from collections.abc import Iterable

BYLINES = (
    "piše", "napisao", "napisala", "written by", "reported by", "report by", "reporting by",
    "words by", "story by", "analysis by", "opinion by", "by", "from", "oleh", "penulis",
    "ditulis oleh", "reporter", "editor", "von", "ein kommentar von", "ein gastbeitrag von",
    "eine analyse von", "ein interview von", "ein beitrag von", "aufgezeichnet von", "par",
    "propos recueillis par", "por", "redactado por", "door", "przez", "автор", "авторы", "текст",
    "yazan", "author", "authors", "autor", "autorka", "autori", "autore", "autores", "auteur",
    "auteurs", "kirjoittanut", "text", "tekst", "teksti", "írta", "bởi", "tác giả", "โดย", "בקלם",
    "מאת", "بقلم", "كتب", "كتبت", "نویسنده", "लेखक", "द्वारा", "γράφει ο", "γράφει η",
    "γράφουν οι", "γραφει ο", "γραφει η", "του", "της", "των", "από τον", "από την", "συντάκτης",
    "von unserem korrespondenten", "von unserer korrespondentin", "von unserem mitarbeiter",
    "von unserer mitarbeiterin", "von unserem redakteur", "von unserer redakteurin",
    "de notre correspondant", "de notre correspondante", "de notre envoyé spécial",
    "de notre envoyée spéciale", "de nuestro corresponsal", "de nuestra corresponsal",
    "dal nostro inviato", "dalla nostra inviata", "dal nostro corrispondente",
    "van onze correspondent", "van onze verslaggever", "fra vår korrespondent", "about", "über",
    "à propos de", "acerca de", "autorin", "autorinnen", "autoren", "autora", "autoras",
    "autrice", "författare", "forfatter",
)  # fmt: skip
"""What comes before a name, parted from it by a space or a colon."""
_PIECES = (
    "article", "artikel", "artículo", "articolo", "artigo", "beitrag", "gastbeitrag", "kommentar",
    "commentary", "analyse", "analysis", "análisis", "analisi", "interview", "entrevista",
    "intervista", "essay", "opinion", "meinung", "opini", "column", "kolumne", "text", "texte",
    "bericht", "report", "review", "story", "protokoll", "created", "erstellt", "verfasst",
    "geschrieben", "written", "posted", "submitted", "escrito", "scritto", "geschreven",
    "skrevet", "skriven", "publicado", "pubblicato", "diposting", "analyse:", "krönika",
    "recueilli", "recueillis", "propos recueillis", "reportage", "eingestellt", "gepostet",
    "veröffentlicht", "gespeichert", "publié", "posté", "soumis", "enviado", "postado", "inviato",
    "geplaatst", "ingediend", "upplagd", "lagt inn", "opslået", "autorenseite", "alle beiträge",
    "alle artikel", "zeige alle beiträge", "all posts", "view all posts", "more", "mehr",
    "tous les articles", "todas las entradas",
)  # fmt: skip
_PIECE_BY = ("von", "by", "de", "par", "por", "di", "da", "door", "van", "av", "af", "oleh")
PIECES_BY = tuple(f"{piece} {by}" for piece in _PIECES for by in _PIECE_BY)
"""A piece and its writer: `Kommentar von`, `An analysis by`; an article may stand before it."""
# `di Mario Rossi` and `av Ola Berg` are signed in small letters; Di, Da and Na begin names, too
SMALL_BYLINES = ("di", "da", "af", "av", "tekst av", "fra", "ni", "na")
SURE_BYLINES = (
    "interview", "laporan", "wartawan", "haber", "szerző", "sursa", "theo", "redaktion",
    "文", "記者", "记者", "作者", "編集", "責任編集", "글", "글쓴이", "取材", "撰文", "来源",
    "來源",
)  # fmt: skip
"""These need a colon or a slash after them."""
OTHER_OFFICES = (
    "editor", "editing", "edited by", "editing by", "redaktur", "penyunting", "foto", "fotos",
    "fotografer", "photo", "photos", "photos by", "photography", "pictures", "bild", "bilder",
    "video", "illustration", "grafik", "graphics", "fotografie", "photographe", "fotografía",
    "edición", "kamera", "schnitt", "compiled by", "translated by", "translation", "übersetzung",
    "編輯", "编辑", "责编", "責任編輯",
)  # fmt: skip
"""Offices of people who did not write; what follows one of these and a colon is cut off."""
PICTURES_BY = (
    "photo by",
    "photos by",
    "photograph by",
    "photographs by",
    "photographed by",
    "photography by",
    "pictures by",
    "picture by",
    "image by",
    "images by",
    "illustration by",
    "illustrations by",
    "illustrated by",
    "video by",
    "videos by",
    "graphics by",
    "edited by",
    "translated by",
    "fotos von",
    "foto von",
    "bilder von",
    "fotos de",
    "foto de",
    "photos de",
    "photo de",
    "photographies de",
    "foto di",
    "foto oleh",
    "foto door",
    "foto's door",
)
"""The same in words: what follows one of these is cut off."""
PICTURES = (
    "photo",
    "photos",
    "photograph",
    "photographs",
    "picture",
    "pictures",
    "image",
    "images",
    "foto",
    "fotos",
    "bild",
    "bilder",
    "fotografía",
    "fotografie",
    "illustration",
    "grafik",
    "写真",
    "摄影",
    "攝影",
    "사진",
    "фото",
)
"""A line that begins with one of these and a colon tells of a picture."""
OFFICES_AFTER = ("기자", "특파원", "논설위원", "記者", "记者", "特派員", "編集委員", "评论员")
BESIDE_NAMES = (
    "special to", "special for", "envoyé spécial", "envoyée spéciale", "avec l'afp", "avec afp",
    "avec reuters", "with agencies", "mit dpa",
)  # fmt: skip
"""What follows the last name and is no name; it and the rest are cut off."""
NOISE = (
    "admin", "administrator", "webmaster", "developer", "user", "guest", "unknown", "null",
    "undefined", "none", "developed by", "designed by", "powered by", "anonymous", "nobody",
    "wordpress", "root", "superadmin", "super admin", "super user", "author name", "n/a",
    "no author", "uploader", "publisher", "content author",
)  # fmt: skip
"""Names of accounts and of empty fields: never an author."""
DESKS = (
    "gmbh", "e. v", "e.v", "inc", "ltd", "llc", "verlag", "news service", "redaksi",
    "tim redaksi", "redaktion", "redakcja", "redactie", "redacción", "redaccion", "redação",
    "redazione", "rédaction", "редакция", "редакція", "redakce", "redakcia", "redakcija",
    "toimitus", "szerkesztőség", "newsroom", "news desk", "newsdesk", "web desk", "sports desk",
    "editorial team", "editorial board", "editors", "staff", "staff writer", "staff reporter",
    "our correspondent", "correspondent", "agencies", "agencias", "agenturen", "agences",
    "agenzie", "wire services", "bureau", "team", "編集部", "本报讯", "本報訊", "편집부",
    "온라인뉴스팀", "ban biên tập", "newspaper", "onlineredaktion", "online desk",
    "press release", "pressemitteilung",
)  # fmt: skip
"""Rooms of a newspaper that sign as one; they count only where no person is named."""
OFFICES = (
    "journalist", "journalista", "journaliste", "reporter", "reportero", "repórter",
    "correspondent", "korrespondent", "korrespondentin", "corresponsal", "correspondant",
    "corrispondente", "writer", "editor", "editora", "redakteur", "redakteurin", "redaktör",
    "redaktør", "redactor", "redactora", "redacteur", "columnist", "kolumnist", "kolumnistin",
    "columnista", "freelance", "volontär", "volontärin", "leiter", "leiterin", "chefredakteur",
    "wartawan", "mwandishi", "muhabir", "journalistin", "twitter", "facebook", "instagram",
    "linkedin", "whatsapp", "view", "follow", "folgen", "email", "e-mail", "search", "published",
    "archive", "community", "autor/in", "kommentar", "read more", "mehr", "more", "photograph",
    "subscribe", "share", "teilen", "bagikan", "updated", "news", "why you can", "all articles",
    "profile",
)  # fmt: skip
"""Words beside a name that are no part of one; what has them is not taken from the page's text."""
AND = (
    "and", "und", "et", "y", "e", "dan", "en", "og", "och", "i", "ve", "ja", "és", "и", "та", "і",
    "και", "و", "và", "un", "ir", "dhe", "și", "şi", "agus", "eta", "ແລະ", "และ", "&", "+",
)  # fmt: skip
DEGREES = ("PhD", "Ph.D.", "MD", "M.D.", "MPH", "RD", "RN", "MSc", "MBA", "JD", "CFA", "DO", "DVM")
STAMPS = (
    "stand", "updated", "published", "posted", "last updated", "veröffentlicht", "aktualisiert",
    "erstellt", "publié", "mis à jour", "publicado", "actualizado", "atualizado", "pubblicato",
    "aggiornato", "gepubliceerd", "diterbitkan", "diperbarui", "dipublikasikan", "publicerad",
    "publisert", "opublikowano", "minute read", "min read",
)  # fmt: skip
AFTER_NAMES = (
    *STAMPS, "updated on", "published on", "on", "am", "le", "el", "il", "pada", "prije", "pre",
    "hace", "il y a", "há", "för", "for",
)  # fmt: skip
"""What stands between a name and a date; with a digit behind it, it and the rest are cut off."""


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of these words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True))
