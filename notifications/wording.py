"""What e-mail and SMS may not say: anything about health, any name that tells, any number."""

import re
import unicodedata
from collections.abc import Iterable

# Stems, found inside compounds too ("prostatacancer"). A help against slips, not a licence.
_STEM = re.compile(
    "abort|anestesi|artros|behandling|cancer|cytostatika|demens|depression|diabetes|"
    "diagnos|dialys|epilepsi|fetma|förlossning|gravid|gynekolog|hjärtinfarkt|hjärtsvikt|"
    "höftled|implantat|infektion|inkontinens|kirurg|knäled|kranskärl|läkemedel|medicin|"
    "mottagning|njursvikt|onkolog|operation|operera|ortoped|prostata|protes|provsvar|"
    "psoriasis|psykiatri|psykisk|reumat|sjukdom|sjukhus|smärta|strålning|stroke|symptom|"
    "symtom|tumör|urolog|ångest|överdos|anxiety|disease|hospital|illness|medication|"
    "medicine|pregnan|surgery|surgeon|symptom|therapy|treatment|tumour"
)
_WORDS = ("aids", "bröst", "hiv", "höft", "klinik", "kliniken", "knä", "njure", "clinic", "pain")
_WORD = re.compile(rf"\b(?:{'|'.join(map(re.escape, _WORDS))})\b")
_NUMBER = re.compile(r"(?<!\d)(?:18|19|20)?(\d{6})[-+ ]?(\d{4})(?!\d)")
_LAST_MONTH, _LAST_DAY = 12, 91


def refuse(text: str, forbidden: Iterable[str] = ()) -> list[str]:
    """Return what the text may not say, each once, in lower case; personal numbers unspelt.

    `forbidden` are the names of registers, units and forms.

    >>> refuse("Du har fått frågor att svara på.")
    []
    >>> refuse("Frågor om din cancerbehandling", ["Höftregistret"])
    ['cancer', 'behandling']
    """
    plain = _plain(text)
    found = _STEM.findall(plain) + _WORD.findall(plain)
    found += [name for name in map(_plain, forbidden) if name and name in plain]
    if any(_is_person("".join(number)) for number in _NUMBER.findall(plain)):
        found.append("personnummer")
    return list(dict.fromkeys(found))


def _plain(text: str) -> str:
    """Return the text as it reads: one kind of letter and space, nothing invisible."""
    visible = (c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return " ".join("".join(visible).casefold().split())


def _is_person(digits: str) -> bool:
    """Whether ten digits can be a personal or co-ordination number, and are no phone number."""
    month, day = int(digits[2:4]), int(digits[4:6])
    doubled = (int(digit) * (2 - n % 2) for n, digit in enumerate(digits))
    sound = sum(n // 10 + n % 10 for n in doubled) % 10 == 0
    return month <= _LAST_MONTH and day <= _LAST_DAY and sound
