"""Places of the fictitious board: buildings, schools, rooms, kits, vehicles, roads. Every name is invented."""

from __future__ import annotations

from dataclasses import dataclass

from intervention.domain.people import Level

CODE = "caps-et-rivieres"
NAME = "Centre de services scolaire des Caps-et-Rivières"
SHORT_NAME = "CSS des Caps-et-Rivières"
MAIL_DOMAIN = "caps-et-rivieres.example"

EASTERN, ATLANTIC, EAST_COAST = "America/Toronto", "America/Halifax", "America/Blanc-Sablon"
PRESCHOOL, PRIMARY, SECONDARY = Level.PRESCHOOL, Level.PRIMARY, Level.SECONDARY


@dataclass(frozen=True, slots=True)
class Place:
    """A building. `bell_shift` is in minutes; `road` names its road network when it is not the mainland's."""

    key: str
    name: str
    short_name: str
    municipality: str
    address: str
    lat: float
    lon: float
    levels: tuple[Level, ...]
    zone: str = EASTERN
    road: str | None = None
    bell_shift: int = 0


# One village, Pointe-Galante, is east of 63° W and yet on Eastern time, as its MRC is by law: longitude is no rule.
PLACES = (
    Place("dunes", "École de la Batture, pavillon des Dunes", "Dunes", "Port-Hélier", "40, rue des Dunes",
          50.2060, -66.0210, (PRESCHOOL, PRIMARY)),
    Place("maree", "École de la Batture, pavillon de la Marée", "Marée", "Port-Hélier", "8, rue du Quai-Neuf",
          50.2135, -66.0330, (PRIMARY,), bell_shift=5),
    Place("vents", "École secondaire des Grands-Vents", "Grands-Vents", "Port-Hélier", "215, chemin du Belvédère",
          50.2170, -66.0120, (SECONDARY,)),
    Place("cap", "École du Cap-Chardon", "Cap-Chardon", "Cap-Chardon", "3, rue de l’Échouerie",
          50.2790, -65.1000, (PRIMARY,), bell_shift=5),
    Place("ruisseau", "École du Ruisseau-Blanc", "Ruisseau-Blanc", "Rivière-Boréale", "77, rue Principale",
          50.2480, -65.6200, (PRIMARY,), bell_shift=-5),
    Place("sternes", "Édifice de la Baie-des-Sternes", "Sternes", "Baie-des-Sternes", "500, rue des Goélettes",
          50.2900, -64.4500, (PRESCHOOL, PRIMARY, SECONDARY), bell_shift=10),
    Place("havre", "École des Trois-Havres, immeuble de Havre-Clair", "Havre-Clair", "Havre-Clair", "12, rue du Havre",
          50.2400, -63.5600, (PRIMARY,)),
    Place("bruyere", "École des Trois-Havres, immeuble de Grande-Bruyère", "Grande-Bruyère", "Grande-Bruyère",
          "1, rang de la Bruyère", 50.2320, -63.1050, (PRIMARY,), bell_shift=15),
    Place("galante", "École des Trois-Havres, immeuble de Pointe-Galante", "Pointe-Galante", "Pointe-Galante",
          "9, rue du Phare-Éteint", 50.2010, -62.6100, (PRIMARY,), bell_shift=20),
    Place("brumes", "École du Lac-des-Brumes", "Lac-des-Brumes", "Lac-des-Brumes", "18, rue de la Drave",
          51.3420, -66.2050, (PRIMARY, SECONDARY), bell_shift=-10),
    Place("brisant", "École insulaire du Brisant", "Brisant", "Îles-du-Brisant", "60, chemin de la Grave-Longue",
          47.5310, -61.6480, (PRIMARY, SECONDARY), ATLANTIC, "iles-du-brisant"),
    Place("goeland", "École de la Tête-au-Goéland", "Goéland", "Tête-au-Goéland", "2, chemin du Débarcadère",
          50.6230, -59.3500, (PRIMARY,), EAST_COAST, "tete-au-goeland", bell_shift=-5),
)  # fmt: skip


# Buildings that one storm closes together.
SECTORS = (
    ("Port-Hélier", ("dunes", "maree", "vents")),
    ("Côte", ("ruisseau", "cap", "sternes")),
    ("Trois-Havres", ("havre", "bruyere", "galante")),
    ("Large", ("brisant", "goeland")),
)


@dataclass(frozen=True, slots=True)
class Institution:
    """A school: the buildings it teaches in with the levels, and the length of its cycle in days."""

    key: str
    name: str
    teaches: tuple[tuple[str, tuple[Level, ...]], ...]
    cycle: int = 10


INSTITUTIONS = (
    Institution("batture", "École de la Batture", (("dunes", (PRESCHOOL, PRIMARY)), ("maree", (PRIMARY,)))),
    Institution("grands-vents", "École secondaire des Grands-Vents", (("vents", (SECONDARY,)),), cycle=9),
    Institution("cap-chardon", "École du Cap-Chardon", (("cap", (PRIMARY,)),)),
    Institution("ruisseau-blanc", "École du Ruisseau-Blanc", (("ruisseau", (PRIMARY,)),)),
    Institution("envolee", "École de l’Envolée-des-Sternes", (("sternes", (PRESCHOOL, PRIMARY)),)),
    Institution("chenal", "École secondaire du Chenal-aux-Sternes", (("sternes", (SECONDARY,)),)),
    Institution("trois-havres", "École des Trois-Havres",
                (("havre", (PRIMARY,)), ("bruyere", (PRIMARY,)), ("galante", (PRIMARY,))), cycle=5),
    Institution("lac-des-brumes", "École du Lac-des-Brumes", (("brumes", (PRIMARY, SECONDARY)),)),
    Institution("brisant", "École insulaire du Brisant", (("brisant", (PRIMARY, SECONDARY)),)),
    Institution("goeland", "École de la Tête-au-Goéland", (("goeland", (PRIMARY,)),), cycle=5),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Local:
    """A room. `closed`: it has a door, the condition of the professional orders for a séance at a distance."""

    place: str
    name: str
    capacity: int = 4
    closed: bool = True
    headset: bool = True
    equipment: str | None = None
    bandwidth: str | None = None


LOCALS = (
    Local("dunes", "local 102", 5, equipment="Tableau interactif, jeux de langage"),
    Local("dunes", "local 110", 8),
    Local("dunes", "bibliothèque", 24, closed=False, headset=False, equipment="Écran roulant"),
    Local("maree", "bureau 204", 3, equipment="Poste des services complémentaires, deux écrans"),
    Local("maree", "bureau 206", 3),
    Local("maree", "local 209", 6),
    Local("maree", "salle de concertation", 14, equipment="Caméra grand angle, micro de table"),
    Local("vents", "local 318", 4),
    Local("vents", "bureau d’orientation", 3),
    Local("vents", "salle du conseil", 16, equipment="Caméra grand angle"),
    Local("cap", "local 12", 4, equipment="Portable et caméra sur pied"),
    Local("cap", "local 14", 6, bandwidth="10 Mbit/s partagés : éteindre l’autre poste"),
    Local("cap", "bibliothèque", 18, closed=False, headset=False),
    Local("ruisseau", "local 3", 4),
    Local("ruisseau", "local 5", 6, headset=False),
    Local("sternes", "local 21", 5, equipment="Tablette avec clavier"),
    Local("sternes", "local 23", 5),
    Local("sternes", "local 130", 6),
    Local("sternes", "salle polyvalente", 30, closed=False, headset=False, equipment="Projecteur"),
    Local("havre", "petit local", 4),
    Local("havre", "salle des Navigateurs", 10),
    Local("bruyere", "local du fond", 4, bandwidth="Satellite : son d’abord, image si possible"),
    Local("galante", "local de la vigie", 4),
    Local("galante", "coin lecture", 8, closed=False, headset=False),
    Local("brumes", "local 7", 4, bandwidth="5 Mbit/s : image en basse définition"),
    Local("brumes", "local 9", 6),
    Local("brisant", "local de la lanterne", 4),
    Local("brisant", "local des filets", 6),
    Local("goeland", "infirmerie", 4, bandwidth="Satellite : prévoir le téléphone"),
    Local("goeland", "salle commune", 12, closed=False, headset=False),
)  # fmt: skip

# A kit with no place travels with the professional who reserves it.
KITS = (
    ("trousse Lagopède", "cap"), ("trousse Eider", "ruisseau"), ("trousse Macareux", "sternes"),
    ("trousse Phoque", "havre"), ("trousse Caribou", "brumes"), ("trousse Homard", "brisant"),
    ("trousse Goéland", "goeland"), ("trousse volante A", None), ("trousse volante B", None),
)  # fmt: skip

VEHICLES = (("familiale grise", "maree"), ("familiale bleue", "maree"), ("camionnette 4 × 4", "sternes"))

# Declared by those who drive them, both ways; every other pair is left to the estimate. Minutes, metres.
ROADS = (
    ("dunes", "maree", 5, 2_100),
    ("dunes", "vents", 5, 2_400),
    ("maree", "vents", 5, 2_900),
    ("maree", "ruisseau", 30, 33_000),
    ("dunes", "ruisseau", 30, 32_000),
    ("vents", "ruisseau", 30, 31_500),
    ("ruisseau", "cap", 35, 41_000),
    ("maree", "cap", 60, 74_000),
    ("cap", "sternes", 45, 51_000),
    ("sternes", "havre", 65, 72_000),
    ("havre", "galante", 70, 79_000),
    ("havre", "bruyere", 35, 38_000),
    ("bruyere", "galante", 35, 41_000),
    ("maree", "brumes", 165, 171_000),
)

NEIGHBOUR_CODE = "haute-lande"
NEIGHBOUR_NAME = "Centre de services scolaire de la Haute-Lande"
NEIGHBOUR_SHORT_NAME = "CSS de la Haute-Lande"
NEIGHBOUR_PLACE = Place(
    "lande", "École de la Grande-Lande", "Grande-Lande", "Sainte-Bruyère-du-Vent", "5, rue du Moulin-Bas",
    48.4100, -67.2300, (PRIMARY,),
)  # fmt: skip
