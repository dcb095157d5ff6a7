"""What the processes under test do with a line; they import it by name."""

import os
import re
import time

from crawler.answers.answer import Answer


def work(number: int, line: bytes) -> Answer:
    match line.split(b" ")[0]:
        case b"die":
            os._exit(9)
        case b"spin":
            re.match(r"(a+)+$", "a" * 40 + "b")
        case b"sleep":
            time.sleep(60)
        case b"slow":
            time.sleep(0.5)
        case b"pid":
            return Answer(str(os.getpid()).encode(), is_failure=False)
    return Answer(b"%d:%s\n" % (number, line), is_failure=line.startswith(b"bad"))
