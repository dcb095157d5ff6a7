"""How the demo newspapers look: one style sheet, colours for each, a drawing for each section."""

import hashlib

from crawler.demo.pictures import Colour, shade

COLOURS = "--ink: #1d2329; --soft: #5d6872; --line: #d9dee2; --paper: #fdfcf9;"
STYLE = """\
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 18px/1.6 Georgia, serif; }
a { color: var(--accent); }
header.masthead, nav.sections, main, footer.imprint { max-width: 46rem; margin: 0 auto;
  padding: 0 1.2rem; }
header.masthead { padding-top: 1.6rem; }
header.masthead a { color: inherit; text-decoration: none; font-size: 2.1rem; font-weight: bold; }
header.masthead p { margin: 0; color: var(--soft); font-style: italic; }
nav.sections { border: solid var(--line); border-width: 1px 0; margin-top: 1rem; }
nav.sections a { display: inline-block; margin-right: 1.2rem; font: 15px/2.6 sans-serif; }
h1 { line-height: 1.2; margin: 1.6rem 0 .6rem; }
h2 { line-height: 1.25; margin: 1.4rem 0 .2rem; font-size: 1.3rem; }
.byline, .summary time, figcaption { color: var(--soft); font: 15px/1.5 sans-serif; }
figure { margin: 1rem 0; }
figure img { width: 100%; height: auto; display: block; }
aside, section.comments { border-top: 1px solid var(--line); margin-top: 2rem; font-size: 16px; }
.wall { border: 2px solid var(--accent); padding: 1rem 1.4rem; margin: 2rem 0; }
.correction { border-left: 4px solid var(--accent); padding-left: .8rem; font-size: 16px; }
footer.imprint { margin-top: 3rem; padding-bottom: 2rem; border-top: 1px solid var(--line);
  color: var(--soft); font: 14px/1.6 sans-serif; }
"""


def sheet() -> str:
    """An outlet's style sheet: it imports its colours, and names two pictures beside it."""
    return (
        f'@import "colours.css";\n{STYLE}'
        'body { background-image: url("images/paper.png"); }\n'
        "header.masthead { background: url(images/masthead.svg) right 1.2rem bottom / 9rem auto "
        "no-repeat; }\n"
    )


def colours(name: str) -> str:
    """The colours of one outlet, as a sheet of its own."""
    red, green, blue = accent(name)
    return f":root {{ {COLOURS} --accent: #{red:02x}{green:02x}{blue:02x}; }}\n"


def accent(name: str) -> Colour:
    """The colour of an outlet's links and of its icon."""
    return shade(hashlib.sha256(name.encode()).digest()[0] / 256, 0.3, 0.6)


def drawing(name: str) -> str:
    """A small picture of hills above water, in colours of its own for each name."""
    seed = hashlib.sha256(name.encode()).digest()
    hue, turn = seed[0] * 360 // 256, seed[1] % 90 + 30
    heights = [120 + byte % 90 for byte in seed[2:9]]
    ridge = " ".join(f"{step * 107},{height}" for step, height in enumerate(heights))
    sun = 60 + seed[9] * 2
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 300" role="img">'
        f'<rect width="640" height="300" fill="hsl({hue},45%,86%)"/>'
        f'<circle cx="{sun}" cy="70" r="34" fill="hsl({hue + turn},80%,72%)"/>'
        f'<polygon points="0,300 {ridge} 640,300" fill="hsl({hue},30%,52%)"/>'
        f'<rect y="232" width="640" height="68" fill="hsl({hue},38%,34%)"/></svg>\n'
    )
