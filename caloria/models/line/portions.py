"""Which portion of a food an amount means, and how many of it."""

from dataclasses import dataclass, replace
from typing import Any

from caloria.models.food import Food, Portion
from caloria.models.line.amounts import Quantity
from caloria.models.line.words import MEASURES, SAME_AS, VAGUE, Unit
from caloria.models.portion_choices import PortionChoices
from caloria.models.units import ML_PER_US_CUP
from caloria.models.word_forms import key, keys_of, words_of

# Millilitres of the volumes that portions are named after; USDA's cup is the US one.
_VOLUMES = {unit.name: unit.ml for unit in MEASURES.values() if unit.ml} | {"cup": ML_PER_US_CUP}
_MEASURES = {"oz", "fl", "g", "gram", "grams", "tablespoons", "teaspoons", "cups", *_VOLUMES}
_SIZES = {"small", "medium", "large", "extra", "mini", "thin", "thick"}
# Units that may be what one simply counts: "2 fillets of salmon".
_ONE_OF_IT = {"piece", "fillet", "head", "ear", "slice"}
# From here on a number without a unit may be grams.
LEAST_GRAMS = 20
# Portions of which nobody means one by saying how many.
_ODD = {key(word) for word in ("bunch", "head", "whole", "serving", "box", "bag")}


@dataclass(frozen=True)
class Serving:
    """So many of a portion of a food. It is sure where the text said so, else a person had better look."""

    # One of the food's, or what the person measured.
    portion: Any
    amount: float
    is_sure: bool = True

    @property
    def grams(self) -> float:
        return self.amount * self.portion.grams_per_unit


def serving(choices: PortionChoices, quantity: Quantity, words: list[str]) -> Serving:
    """What an amount of a food most likely is."""
    return _Amount(choices, quantity, words).serving()


class _Amount:
    """An amount of a food, in search of a portion."""

    def __init__(self, choices: PortionChoices, quantity: Quantity, words: list[str]):
        self.choices, self.quantity = choices, quantity
        self.said = {key(word) for word in words}
        # What a person measured for themselves goes first.
        self.portions = [*choices.own, *choices.food.portions]

    def serving(self) -> Serving:
        unit = self.quantity.unit
        if unit is None:
            # Of what is drunk, the first portion is what one has of it.
            is_drunk = self.choices.food.category == "Drinks" and self.quantity.size is None
            return (
                self._usual(True) if is_drunk else self._counted() or self._so_many_grams() or self._usual()
            )
        if self.quantity.number is None and self.quantity.is_measured:
            return self._usual()
        if unit.grams:
            return Serving(Portion.of_grams(1), (self.quantity.number or 1) * unit.grams)
        return (self._by_volume(unit) if unit.ml else self._by_name(unit)) or self._usual()

    def _by_volume(self, unit: Unit) -> Serving | None:
        number = self.quantity.number or 1
        if unit.name != "ml" and (portion := self._named((unit.name,))):
            return Serving(portion, number)
        millilitres = number * (unit.ml or 1)
        if volume := next((each for each in self.choices.all if each.unit == "ml"), None):
            return Serving(volume, millilitres)
        grams = _grams_per_ml(self.choices.food)
        return Serving(Portion.of_grams(1), millilitres * grams) if grams else None

    def _by_name(self, unit: Unit) -> Serving | None:
        if unit.name == "portion":
            return self._usual(bool(self.portions))
        if portion := self._named((unit.name,)):
            return Serving(portion, self._times(portion), self.quantity.number is not None)
        if portion := self._named(SAME_AS.get(unit.name, ())):
            return Serving(portion, self._times(portion), unit.name not in VAGUE)
        one = self._counted() if unit.name in _ONE_OF_IT else None
        return one and replace(one, is_sure=False)

    def _counted(self) -> Serving | None:
        """So many of what can be counted: of the size that was said, of what was named, else the first."""
        countable: list[Any] = [portion for portion in self.portions if not _is_measure(portion)]
        if not countable or (self.quantity.number is None and self.quantity.size is None):
            return None
        number = self.quantity.number
        wholes: list[Any] = [each for each in countable if "whole" in words_of(each.unit)]
        best = self._closest(wholes if number and number < 1 and wholes else countable, self.said)
        of_size = self.quantity.size in (None, _size(best))
        return Serving(best, self._times(best), of_size and self.quantity.number is not None)

    def _so_many_grams(self) -> Serving | None:
        """What a large number of something that nobody counts may mean: "chicken 150"."""
        number = self.quantity.number
        return Serving(Portion.of_grams(1), number, False) if number and number >= LEAST_GRAMS else None

    def _named(self, names: tuple[str, ...]) -> Any:
        """The portion that has one of these names, the closest to what else was said."""
        wanted = [keys_of(name) for name in names]
        named = [each for each in self.portions if any(name <= keys_of(_noun(each)) for name in wanted)]
        return self._closest(named, self.said.union(*wanted)) if named else None

    def _closest(self, portions: list, said: set[str]) -> Any:
        size, name = self.quantity.size, keys_of(self.choices.food.name.partition(",")[0])
        return min(portions, key=lambda portion: _distance(portion, size, said, name))

    def _times(self, portion) -> float:
        """How many of a portion; half a fruit is one of what is called half of it."""
        number = self.quantity.number
        if number is None:
            return portion.amount
        return number * 2 if portion.unit.startswith("half") and number < 1 else number

    def _usual(self, is_sure: bool = False) -> Serving:
        """The usual portion, where the text says too little."""
        usual, number = self.choices.usual, self.quantity.number
        return Serving(usual, usual.amount * (number or 1), is_sure and number is not None)


def _grams_per_ml(food: Food) -> float | None:
    """What a millilitre weighs by a portion that is a plain volume; None is unknown."""
    plain = (portion for portion in food.portions if portion.unit in _VOLUMES)
    return next((portion.grams_per_unit / _VOLUMES[portion.unit] for portion in plain), None)


def _distance(portion, size: str | None, said: set[str], name: frozenset[str]) -> tuple:
    """How far a portion is from what was said: of another size, or called what nobody said."""
    own = {key(word) for word in words_of(portion.unit) if word not in _SIZES}
    told = len(own & said) if own <= said else 0
    of_another_size = size is not None and _size(portion) != size
    odd = size is None and _size(portion) in ("mini", "extra large")
    return of_another_size, -told, odd, bool((own - said - name) & _ODD)


def _size(portion) -> str | None:
    words = words_of(portion.unit)
    if "extra" in words:
        return "extra large"
    return next((word for word in words if word in _SIZES), None)


def _noun(portion) -> str:
    return portion.unit.partition(",")[0]


def _is_measure(portion) -> bool:
    words = words_of(portion.unit)
    return not words or words[0] in _MEASURES or words[-1] == "cup"
