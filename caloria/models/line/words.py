"""The words of a line of food, English and Spanish, folded: numbers, units, sizes and what only joins.

What weights and volumes hold is told by models/units.py.
"""

from dataclasses import dataclass

from caloria.models.units import (
    GRAMS_PER_OUNCE,
    GRAMS_PER_POUND,
    ML_PER_FLUID_OUNCE,
    ML_PER_METRIC_CUP,
    ML_PER_TABLESPOON,
    ML_PER_TEASPOON,
    ML_PER_US_CUP,
    ML_PER_US_PINT,
    ML_PER_US_QUART,
)


@dataclass(frozen=True)
class Unit:
    """What an amount is counted in: grams or millilitres where they are fixed, else a household word."""

    name: str
    grams: float | None = None
    ml: float | None = None


def _spelt(table: dict) -> dict:
    """Turn each thing with its spellings into one look-up by spelling."""
    return {tuple(text.split()): thing for thing, spellings in table.items() for text in spellings.split("|")}


MEASURES = _spelt(
    {
        Unit("g", grams=1): "g|gr|grs|gm|gms|gram|grams|gramme|grammes|gramo|gramos",
        Unit("kg", grams=1000): "kg|kgs|kilo|kilos|kilogram|kilograms|kilogramo|kilogramos",
        Unit("mg", grams=0.001): "mg|milligram|milligrams|miligramo|miligramos",
        Unit("oz", grams=GRAMS_PER_OUNCE): "oz|ozs|ounce|ounces|onza|onzas",
        Unit("lb", grams=GRAMS_PER_POUND): "lb|lbs|pound|pounds|libra|libras",
        Unit("ml", ml=1): "ml|mls|cc|millilitre|millilitres|milliliter|milliliters|mililitro|mililitros",
        Unit("cl", ml=10): "cl|centilitre|centilitres|centiliter|centiliters|centilitro|centilitros",
        Unit("dl", ml=100): "dl|decilitre|decilitres|deciliter|deciliters|decilitro|decilitros",
        Unit("liter", ml=1000): "l|lt|litre|litres|liter|liters|litro|litros",
        Unit(
            "fl oz", ml=ML_PER_FLUID_OUNCE
        ): "fl oz|floz|fluid oz|fluid ounce|fluid ounces|onza liquida|onzas liquidas",
        Unit("cup", ml=ML_PER_US_CUP): "us cup|us cups",
        Unit("cup", ml=ML_PER_METRIC_CUP): "metric cup|metric cups",
        Unit("tablespoon", ml=ML_PER_TABLESPOON): (
            "tbsp|tbsps|tbs|tbl|tablespoon|tablespoons|tablespoonful|tablespoonfuls"
            "|cucharada|cucharadas|cda|cdas|cuchara|cucharas|cuchara sopera|cucharada sopera"
            "|cucharadas soperas"
        ),
        Unit("teaspoon", ml=ML_PER_TEASPOON): (
            "tsp|tsps|teaspoon|teaspoons|teaspoonful|teaspoonfuls"
            "|cucharadita|cucharaditas|cdta|cdtas|cdita|cditas|cucharilla|cucharillas"
        ),
        Unit("pint", ml=ML_PER_US_PINT): "pint|pints|pt|pinta|pintas",
        Unit("quart", ml=ML_PER_US_QUART): "quart|quarts|qt|qts",
    }
)
CUPS = dict.fromkeys([("cup",), ("cups",), ("cupful",), ("cupfuls",), ("taza",), ("tazas",)], True)
HOUSEHOLD = _spelt(
    {
        Unit("slice"): (
            "slice|slices|rasher|rashers|rebanada|rebanadas|rodaja|rodajas|loncha|lonchas|lonja|lonjas"
            "|tajada|tajadas"
        ),
        Unit("piece"): (
            "piece|pieces|pc|pcs|chunk|chunks|pieza|piezas|trozo|trozos|pedazo|pedazos|unidad|unidades|ud|uds"
        ),
        Unit("handful"): "handful|handfuls|punado|punados|punadito",
        Unit("glass"): "glass|glasses|vaso|vasos|copa|copas|vasito|copita",
        Unit("mug"): "mug|mugs|tazon|tazones",
        Unit("bowl"): "bowl|bowls|bowlful|cuenco|cuencos|bol|boles",
        Unit("plate"): "plate|plates|plateful|plato|platos",
        Unit("can"): "can|cans|tin|tins|lata|latas",
        Unit("bottle"): "bottle|bottles|botella|botellas|botellin|botellines",
        Unit("clove"): "clove|cloves|diente|dientes",
        Unit("scoop"): "scoop|scoops|bola|bolas|cazo|cazos",
        Unit("fillet"): "fillet|fillets|filet|filets|filete|filetes",
        Unit("bar"): "bar|bars|barrita|barritas|tableta|tabletas",
        Unit("pot"): "pot|pots|tub|tubs|carton|cartons|tarrina|tarrinas|envase|envases",
        Unit("packet"): "packet|packets|pack|packs|sachet|sachets|sobre|sobres|paquete|paquetes",
        Unit("bag"): "bag|bags|bolsa|bolsas",
        Unit("box"): "box|boxes|caja|cajas",
        Unit("jar"): "jar|jars|bote|botes|tarro|tarros",
        Unit("square"): "square|squares|cuadradito|cuadraditos",
        Unit("wedge"): "wedge|wedges|gajo|gajos|cuna|cunas",
        Unit("leaf"): "leaf|leaves|hoja|hojas",
        Unit("stick"): "stick|sticks|palito|palitos",
        Unit("stalk"): "stalk|stalks|rama|ramas",
        Unit("spear"): "spear|spears",
        Unit("sprig"): "sprig|sprigs|ramita|ramitas",
        Unit("ear"): "ear|ears|cob|cobs|mazorca|mazorcas",
        Unit("head"): "head|heads|cabeza|cabezas",
        Unit("bunch"): "bunch|bunches|manojo|manojos|racimo|racimos",
        Unit("link"): "link|links",
        Unit("shot"): "shot|shots|chupito|chupitos",
        Unit("dash"): "dash|dashes|pinch|pinches|pizca|pizcas",
        Unit("splash"): "splash|splashes|drizzle|drop|drops|chorrito|chorritos|chorro|chorros|gotas",
        Unit("pat"): "pat|pats|knob|knobs",
        Unit("cube"): "cube|cubes|terron|terrones|cubito|cubitos",
        Unit("loaf"): "loaf|loaves|barra|barras|hogaza|hogazas",
        Unit("portion"): (
            "portion|portions|serving|servings|helping|helpings|racion|raciones|porcion|porciones"
        ),
    }
)
# What else the portion of a food may be called where it does not have the word itself.
SAME_AS = {
    "mug": ("cup",),
    "can": ("can or bottle", "tin"),
    "bottle": ("can or bottle", "container"),
    "packet": ("bag", "sachet", "box"),
    "bag": ("packet",),
    "box": ("packet",),
    "pot": ("tub", "container", "individual tub", "cup"),
    "loaf": ("bread", "bar", "stick", "baguette"),
    "slice": ("piece", "rasher"),
    "piece": ("slice", "unit"),
    "leaf": ("leaves",),
    "scoop": ("ball",),
    "splash": ("tablespoon",),
    "spear": ("stalk",),
    "stalk": ("stick", "rib"),
    "square": ("piece",),
    "pat": ("teaspoon",),
}
# A weight in brackets behind these is that of each: "2 cans (330 ml) of cola".
CONTAINERS = {"can", "bottle", "packet", "bag", "box", "jar", "pot", "bar"}
# Household words that say so little that a person had better look.
VAGUE = {"splash", "handful", "bowl", "plate"}

SIZES = {
    ("extra", "large"): "extra large",
    **_spelt(
        {
            "small": "small|little|pequeno|pequena|pequenos|pequenas|chico|chica|chicos|chicas",
            "medium": "medium|mediano|mediana|medianos|medianas",
            "large": "large|big|huge|grande|grandes|gran",
            "mini": "mini|tiny",
        }
    ),
}

ARTICLES = {"a", "an", "un", "una", "uno"}
NUMBERS = {
    word: float(number)
    for number, words in {
        1: "one", 2: "two dos couple par pair", 3: "three tres few", 4: "four cuatro", 5: "five cinco",
        6: "six seis", 7: "seven siete", 8: "eight ocho", 9: "nine nueve", 10: "ten diez",
        11: "eleven once", 12: "twelve doce", 13: "thirteen trece", 14: "fourteen catorce",
        15: "fifteen quince", 16: "sixteen dieciseis", 18: "eighteen dieciocho", 20: "twenty veinte",
        25: "veinticinco", 30: "thirty treinta", 40: "forty cuarenta", 50: "fifty cincuenta",
        60: "sixty sesenta", 70: "seventy setenta", 80: "eighty ochenta", 90: "ninety noventa",
        100: "hundred cien",
    }.items()
    for word in words.split()
}  # fmt: skip
# Numbers only behind an article: "a few", "a couple of", "un par de".
AFTER_ARTICLE = {"few", "couple", "pair", "par"}
FRACTIONS = {
    word: value
    for value, words in {
        0.5: "half halves medio media medios medias mitad",
        0.25: "quarter quarters cuarto cuartos",
        1 / 3: "third thirds tercio tercios",
        0.2: "fifth fifths quinto quintos",
    }.items()
    for word in words.split()
}
# These stand alone as an amount ("half an apple"); of the others there is said how many ("a third of a").
HALVES = {"half", "medio", "media", "mitad"}
DOZENS = {"dozen", "dozens", "docena", "docenas"}
TIMES = {"x", "*", "×"}
TO = {"to", "or", "o", "a", "-", "–", "—"}
OF = {"of", "de", "del", "d'"}
THE = {"the", "el", "la", "los", "las", "my", "mi", "mis", "our", "his", "her"}

# Between two foods, or inside the name of one.
SOFT = {"and", "y", "e", "with", "con", "&", "w/", "on", "n"}
HARD = {
    ",", ";", ":", "\n", ".", "+", "|", "•", "·", "!", "?", "…", "plus", "mas", "then", "luego", "despues",
    "also", "tambien", "followed", "ademas",
}  # fmt: skip
# Two words that are one flavour: what stands between them joins no foods.
FLAVOURS = {
    ("salt", "vinegar"), ("cream", "onion"), ("cheese", "onion"), ("salt", "pepper"), ("cookies", "cream"),
    ("sal", "vinagre"), ("queso", "cebolla"), ("sal", "pimienta"), ("sweet", "sour"), ("sweet", "salty"),
}  # fmt: skip
# Said before an amount or a food without being part of it.
OPENERS = {
    "i", "we", "ive", "i've", "had", "have", "having", "ate", "eaten", "drank", "drunk", "just", "only",
    "some", "about", "around", "approx", "approximately", "roughly", "circa", "ca", "almost", "nearly",
    "maybe", "perhaps", "another", "other", "by", "so", "like", "yo", "me", "he", "hemos", "comi", "comido",
    "comimos", "tome", "tomado", "tomamos", "desayune", "desayunado", "desayunamos", "almorce", "almorzado",
    "cene", "cenado", "cenamos", "merende", "merendado", "bebi", "bebido", "unos", "unas", "algo", "algun",
    "alguna", "algunos", "algunas", "aprox", "aproximadamente", "casi", "solo", "otro", "otra", "otros",
    "otras", "poco", "poca", "poquito", "bit", "lot", "lots", "plenty", "mucho", "mucha", "muchos", "muchas",
    "couple", "few", "several", "varios", "varias", "~", "≈", "-", "–", "—", "*", "was", "were", "fue",
    "it", "there", "today", "hoy", "finally", "made", "got", "grabbed", "add", "log", "anade", "apunta",
    *THE, *OF,
}  # fmt: skip
_MEALS_EN = ["breakfast", "lunch", "dinner", "supper", "brunch", "snack", "dessert", "elevenses"]
_MEALS_ES = [
    "desayuno",
    "almuerzo",
    "comida",
    "cena",
    "merienda",
    "postre",
    "desayunar",
    "almorzar",
    "comer",
    "cenar",
    "merendar",
]
# Said anywhere about the meal instead of the food.
ASIDES = {
    *((before, meal) for before in ("for", "at", "after", "my", "during") for meal in _MEALS_EN),
    *(("for", "my", meal) for meal in _MEALS_EN),
    *(("as", "a", meal) for meal in _MEALS_EN),
    *((meal, after) for meal in _MEALS_EN for after in ("was", "i", ":", "-", "–")),
    *((before, meal) for before in ("para", "de", "mi", "al") for meal in _MEALS_ES),
    *((*before, meal) for before in (("en", "el"), ("en", "la"), ("para", "el")) for meal in _MEALS_ES),
    *(("para", "la", meal) for meal in _MEALS_ES),
    *((meal, after) for meal in _MEALS_ES for after in ("fue", ":", "-", "–")),
    ("i", "had"), ("i", "ate"), ("i", "drank"), ("we", "had"), ("we", "ate"), ("i've", "had"), ("ive", "had"),
    ("i", "have"), ("this", "morning"), ("this", "afternoon"), ("this", "evening"), ("last", "night"),
    ("to", "drink"), ("for", "me"), ("he", "comido"), ("he", "tomado"), ("he", "cenado"), ("he", "bebido"),
    ("he", "desayunado"), ("he", "merendado"), ("he", "almorzado"), ("me", "he", "tomado"), ("me", "comi"),
    ("me", "he", "comido"), ("me", "he", "bebido"), ("me", "tome"), ("esta", "manana"), ("esta", "tarde"),
    ("esta", "noche"), ("por", "la", "manana"), ("por", "la", "tarde"), ("por", "la", "noche"),
    ("para", "beber"), ("para", "mi"), ("a", "media", "manana"), ("mas", "o", "menos"),
    ("more", "or", "less"),
    ("of", "course"), ("a", "bit", "of"), ("a", "little"), ("a", "little", "bit", "of"), ("a", "lot", "of"),
    ("un", "poco", "de"), ("un", "poquito", "de"), ("algo", "de"), ("on", "the", "side"), ("yesterday",),
    ("today",), ("hoy",), ("ayer",), ("please",), ("por", "favor"),
}  # fmt: skip
LONGEST_PHRASE = 4

# Words that say nothing about which food is meant.
STOP = {
    "of", "de", "del", "d", "the", "el", "la", "los", "las", "lo", "a", "al", "an", "in", "en", "with",
    "con", "and", "y", "e", "on", "or", "o", "to", "un", "una", "su", "sus", "my", "mi", "s", "n", "w",
    "for", "para", "from", "por", "some", "style", "estilo",
}  # fmt: skip
WITHOUT = {"without", "sin", "no"}
# How a food was prepared, which may stand behind it on its own: "1 egg, fried".
HOW = {
    "fried", "boiled", "scrambled", "poached", "grilled", "baked", "roasted", "roast", "steamed", "raw",
    "cooked", "uncooked", "chopped", "sliced", "diced", "grated", "plain", "skimmed", "skim", "dry", "dried",
    "canned", "drained", "toasted", "black", "unsweetened", "salted", "unsalted", "fresh", "frozen", "mashed",
    "peeled", "hard", "soft", "smoked", "frito", "frita", "fritos", "fritas", "hervido", "hervida",
    "hervidos", "cocido", "cocida", "cocidos", "cocidas", "asado", "asada", "asados", "asadas", "crudo",
    "cruda", "rallado", "rallada", "picado", "picada", "tostado", "tostada", "escurrido", "escurrida",
    "natural", "desnatado",
    "desnatada", "entero", "entera", "semidesnatada", "plancha", "la", "a", "al", "horno", "vapor",
}  # fmt: skip
