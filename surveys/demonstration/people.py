"""Who appears in the demonstration: official test numbers of the tax agency, invented names."""

from collections.abc import Iterator
from datetime import date, timedelta

# Never issued to anyone (Skatteverket's open list of test numbers).
PATIENTS = [
    "193602199188",
    "193612148415",
    "193708019231",
    "193708197474",
    "193803219165",
    "193804139149",
    "193812012395",
    "193902238298",
    "193906179183",
    "193911152381",
    "193912052390",
    "194006038873",
    "194008259287",
    "194012239101",
    "194206119093",
    "194305127054",
    "194401012390",
    "194401258308",
    "194406127029",
    "194409149061",
    "194805111855",
    "194807171899",
    "195005251599",
    "195102262267",
    "195107312323",
    "195312242067",
    "195401039093",
    "195401218143",
    "195401232540",
    "195401235790",
    "195407290278",
    "195410062656",
    "195802142785",
    "195811243269",
    "195907113178",
    "195911142817",
    "196101122650",
    "196209223152",
]

# Left alone: whoever tries the demonstration reports events of these.
UNTOUCHED = [
    "197703252390",
    "197810092390",
    "197906302398",
    "197705032394",
    "197910272389",
    "197806022385",
    "197609102392",
    "197711252390",
    "197712142384",
    "197812012396",
    "197703182399",
    "197712292395",
    "197802082383",
    "197607042392",
    "197611262382",
    "197704212385",
    "197701192382",
    "197912302390",
    "196910149290",
    "197601262392",
]

# No account in the inbox: an event with an e-mail address and a consent shows the next channel.
WITHOUT_INBOX = ["198001022386", "198001022394"]

GIVEN = {
    "female": [
        "Alma",
        "Astrid",
        "Britta",
        "Elin",
        "Greta",
        "Hanna",
        "Ingrid",
        "Karin",
        "Maj",
        "Märta",
        "Sigrid",
        "Åsa",
    ],
    "male": [
        "Arvid",
        "Bertil",
        "Einar",
        "Göran",
        "Hugo",
        "Johan",
        "Lars",
        "Nils",
        "Olle",
        "Sven",
        "Tage",
        "Östen",
    ],
}
FAMILY = [
    "Berg",
    "Dahl",
    "Ek",
    "Forslund",
    "Gran",
    "Holm",
    "Lind",
    "Mo",
    "Nyberg",
    "Ström",
    "Sund",
    "Åkerblom",
]


def name(place: int, sex: str) -> str:
    """Return an invented name; another place in the list gives another one."""
    given = GIVEN[sex]
    return f"{given[place % len(given)]} {FAMILY[place * 5 % len(FAMILY)]}"


def event_numbers(count: int) -> Iterator[str]:
    """Return official test numbers of as many people, born from January 1985 on.

    Of every day there the list holds the serials 238 and 239, so the numbers can be told.
    """
    born = date(1985, 1, 2)
    for place in range(count):
        serial = "238" if place % 2 else "239"
        digits = f"{born + timedelta(days=3 * place):%Y%m%d}{serial}"
        yield digits + check_digit(digits[2:])


def check_digit(nine_digits: str) -> str:
    """Return the last digit of a personal number, by Luhn."""
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(nine_digits)]
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)
