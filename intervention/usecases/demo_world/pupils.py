"""Pupils' names: real given names, family names that nobody bears, no two alike on one board."""

from __future__ import annotations

from itertools import product
from random import Random

GIVEN = (
    "Adèle", "Alexis", "Alizée", "Amélia", "Antoine", "Arnaud", "Ariane", "Aurélie", "Béatrice", "Benjamin",
    "Camille", "Charlie", "Clara", "Coralie", "Damien", "Daphnée", "Édouard", "Éliane", "Éloi", "Émile",
    "Florence", "Félix", "Flavie", "Gaspard", "Hugo", "Henri", "Ismaël", "Jacob", "Jade", "Juliette",
    "Justin", "Kim", "Laurence", "Léo", "Léa-Rose", "Loïc", "Lina", "Malik", "Maëlle", "Marguerite",
    "Mathis", "Mila", "Nathan", "Noah", "Océane", "Olivier", "Ophélie", "Raphaël", "Romane", "Rosemarie",
    "Sacha", "Sarah-Maude", "Simone", "Tristan", "Thomas", "Victoria", "William", "Xavier", "Yasmine", "Zoé",
)  # fmt: skip

_FRONT = ("Aigue", "Bonne", "Brune", "Douce", "Fière", "Fraîche", "Gente", "Lente", "Menue", "Moyenne", "Neuve",
          "Pleine", "Preste", "Sage", "Sombre", "Vive")  # fmt: skip
_BACK = ("aulnaie", "bernache", "boussole", "cédrière", "chaloupe", "érablière", "falaise", "fougère", "girouette",
         "hirondelle", "lanterne", "mésange", "pinède", "quenouille", "ramure", "sarcelle", "tourelle")  # fmt: skip

PARENTS = ("Alexandra", "Bianca", "Cédric", "David", "Élise", "François", "Guylaine", "Hassan", "Isabel",
           "Jean-Simon", "Karine", "Louis", "Mélanie", "Nadia", "Pierre-Luc", "Roxane", "Sébastien", "Tania", "Vincent",
           "Yan")  # fmt: skip

FIRST_CODE = 101


def code_of(place_in_roll: int) -> str:
    """What staff say aloud: `E-214`."""
    return f"E-{FIRST_CODE + place_in_roll}"


def names(rng: Random, count: int) -> list[tuple[str, str]]:
    """`count` pairs of given and family name; no family name twice, so that no two pupils are taken for one another."""
    families = [front + back for front, back in product(_FRONT, _BACK)]
    rng.shuffle(families)
    if count > len(families):
        raise ValueError("too_many_pupils")
    return [(rng.choice(GIVEN), family) for family in families[:count]]
