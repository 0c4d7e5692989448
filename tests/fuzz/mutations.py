"""Changes to the bytes or the words of a good file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

PIECES = (
    b"\x00", b"\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\n", b"\r", b"\r\n", b",", b'"', b"'", b"\\", b"\t", b";", b"0" * 400,
    b"9" * 30, b"-1", b"1e999", b"NaN", b"\\ud800", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"\x1b[2J", b"{" * 60, b"[" * 300,
    b"\x7f\xff\xff\xff", b"\xff\xff\xff\xff\xff\xff\xff\x7f", b"PK\x03\x04", b"PAR1", b"ARROW1",
)  # fmt: skip
WORDS = (
    "null", "~", "true", "no", "[]", "{}", "[[]]", "''", "0", "-1", "1e999", ".nan", ".inf", "030", "1:30:00", "95e-2",
    "9" * 40, "*a", "&a", "!!python/object:os.system", "!!binary aGk=", "<<", "? [a]", "|", ">", "%", "@", "`", "- -",
    "${env.HOME}", "${vars.x}", "${vars.", '"\\ud800"', '"\\U00110000"', "../../etc/passwd", "/dev/zero", "n" * 300,
    "adult", "x", "y", "sex", "rates", "minoria", "to_rest", "lower_bound > 0.1", "sex == 1", "sex == 'F'", "x > 'a'",
    "(" * 200, "__import__('os')", "@table['x'] > 0", "2024-01-01", "[1, 2, 3]", "{a: 1}", "- a", "\t", "#", ": ", "---",
    "...", "😀", "\u202e", "1_000", "0x10", "0o17", "=", "on", "@embeddings[0] > 0", "@embeddings[-1] > 0",
)  # fmt: skip
_TOKEN = re.compile(r"[^\s,:\[\]{}\"]+")


def of_bytes(content: bytes, random: Random) -> bytes:
    """Return the content with a few bytes changed, cut, doubled, moved or put in."""
    data = bytearray(content)
    for _ in range(random.choice((1, 1, 2, 4, 16))):
        if not data:
            break
        place, length = random.randrange(len(data)), random.choice((1, 1, 2, 8, 64, 1000))
        match random.randrange(7):
            case 0:
                data[place] ^= 1 << random.randrange(8)
            case 1:
                data[place] = random.randrange(256)
            case 2:
                del data[place : place + length]
            case 3:
                data[place:place] = data[place : place + length] * random.choice((1, 2, 20))
            case 4:
                data[place:place] = random.choice(PIECES)
            case 5:
                del data[place:]
            case _:
                other = random.randrange(len(data))
                data[place : place + length] = data[other : other + length]
    return bytes(data)


def of_words(text: str, random: Random) -> str:
    """Return the text with a few of its words replaced, or its lines moved, doubled or left out."""
    for _ in range(random.choice((1, 1, 1, 1, 2, 3))):
        if random.random() < 0.25:
            lines = text.split("\n")
            place = random.randrange(len(lines))
            match random.randrange(4):
                case 0:
                    del lines[place]
                case 1:
                    lines.insert(place, lines[random.randrange(len(lines))])
                case 2:
                    lines[place] = " " * random.randint(1, 4) + lines[place]
                case _:
                    lines[place] = lines[place].strip()
            text = "\n".join(lines)
            continue
        found = list(_TOKEN.finditer(text))
        if not found:
            return random.choice(WORDS)
        token = random.choice(found)
        words = (random.choice(WORDS), random.choice(WORDS), random.choice(found).group())
        text = text[: token.start()] + random.choice(words) + text[token.end() :]
    return text
