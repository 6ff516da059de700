"""The colours of static/css/tokens.css, and how well one can be told from another (WCAG 2.2)."""

import re
from math import cos, radians, sin
from pathlib import Path

TOKENS = Path(__file__).parent / "static" / "css" / "tokens.css"
OKLCH = r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)"
COLOUR = re.compile(rf"--([\w-]+): (?:light-dark\({OKLCH}, {OKLCH}\)|{OKLCH});")
SCHEMES = ("light", "dark")


def colours() -> dict[str, dict[str, float]]:
    """The luminance of each colour in each scheme, by the colour's name."""
    found = {}
    for name, *parts in COLOUR.findall(TOKENS.read_text()):
        triples = [tuple(map(float, parts[start : start + 3])) for start in (0, 3, 6) if parts[start]]
        found[name] = dict(zip(SCHEMES, (luminance(*triple) for triple in triples * 2), strict=False))
    return found


def luminance(lightness: float, chroma: float, hue: float) -> float:
    """How bright a colour of OKLCH is, from 0 to 1, by Björn Ottosson's matrices, clipped to sRGB."""
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    red, green, blue = (min(max(part, 0.0), 1.0) for part in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: float, other: float) -> float:
    """The ratio of two luminances, from 1 to 21."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)
