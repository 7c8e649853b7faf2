"""Takes the program out of a client's page in docs/how-to/clients, with the addresses and keys of a served exchange put in."""

import re
from pathlib import Path

PAGES = Path(__file__).parents[1] / "docs" / "how-to" / "clients"


def program(page: str, language: str, url: str, key: str, secret: str) -> str:
    """The page's one block of this language. `url` is where the exchange listens, beginning with http."""
    blocks: list[str] = re.findall(rf"^```{language}\n(.*?)^```$", (PAGES / f"{page}.md").read_text(), re.MULTILINE | re.DOTALL)
    (text,) = blocks
    for word, put in (("127.0.0.1:9100", url.removeprefix("http://")), ("KEY", key), ("SECRET", secret)):
        is_quoted = word.isupper()
        for quote in ("'", '"') if is_quoted else ("",):
            text = text.replace(f"{quote}{word}{quote}", f"{quote}{put}{quote}")
    assert key in text, f"{page}: there is no KEY in whose place to put one"
    return text
