"""Numbers of things, as a sentence says them."""


def many(number: int, noun: str, plural: str | None = None) -> str:
    """`1 file`, `2 files`, `0 entries`; the noun may have words before it.

    Args:
        number: of how many.
        noun: the thing, one of it: `WARC file`.
        plural: several of it, if it takes more than an s.
    """
    if number == 1:
        return f"1 {noun}"
    if plural is None:
        plural = f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeiou" else f"{noun}s"
    return f"{number} {plural}"
