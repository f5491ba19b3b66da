"""Personal, co-ordination and reserve numbers: parse, check, and what they tell."""

import re
from dataclasses import dataclass
from datetime import date

PERSONAL_NUMBER = "1.2.752.129.2.1.3.1"
COORDINATION_NUMBER = "1.2.752.129.2.1.3.3"
# Reserve numbers are not standardised: never Luhn-checked, their type kept by OID.
OID = re.compile(r"[0-2](\.(0|[1-9]\d*)){2,}")
RESERVE_NUMBER = re.compile(r"[0-9A-Za-z-]{6,20}")
SHORT_OR_LONG = re.compile(r"(\d{2})?(\d{6})([-+]?)(\d{4})")


class NotAPersonId(ValueError):
    """The text is no number of the named kind; the message says why and what is wanted."""


@dataclass(frozen=True)
class PersonId:
    """A person's number in its full form, with the OID of its kind."""

    number: str
    type: str

    @property
    def birth_date(self) -> date | None:
        """Return the date in the number, or None where it holds none (SKV 707)."""
        if self.type not in (PERSONAL_NUMBER, COORDINATION_NUMBER):
            return None
        return _date_in(self.number)

    @property
    def sex(self) -> str | None:
        """Return "male" or "female" by the third serial digit, or None for a reserve number."""
        if self.type not in (PERSONAL_NUMBER, COORDINATION_NUMBER):
            return None
        return "male" if int(self.number[10]) % 2 else "female"

    @property
    def display(self) -> str:
        """Return the number as people write it, 19800102-2386."""
        if self.type not in (PERSONAL_NUMBER, COORDINATION_NUMBER):
            return self.number
        return f"{self.number[:8]}-{self.number[8:]}"

    def age_on(self, day: date) -> int | None:
        """Return completed years on `day`, or None where the number holds no date."""
        born = self.birth_date
        if born is None:
            return None
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def parse(text: str, *, type: str = "", today: date) -> PersonId:
    """Return the number in its full form.

    Twelve or ten digits are taken, with or without the sign. `type` is an OID, left out for
    personal and co-ordination numbers; `today` settles the century of ten digits.

    :raises NotAPersonId: if the text is no number of that kind.
    """
    if type and type not in (PERSONAL_NUMBER, COORDINATION_NUMBER):
        return _reserve_number(text, type)
    number = _twelve_digits(text.strip(), today)
    if not _luhn_holds(number[2:]):
        raise NotAPersonId("the check digit is wrong: compare the number with its source")
    kind = _kind(number, today)
    if type and type != kind:
        raise NotAPersonId("the number is not of the kind that its OID says")
    return PersonId(number, kind)


def _reserve_number(text: str, type: str) -> PersonId:
    if not OID.fullmatch(type):
        raise NotAPersonId("person_id_type is not an OID such as 1.2.752.97.3.1.3")
    if not RESERVE_NUMBER.fullmatch(text.strip()):
        raise NotAPersonId("a reserve number has 6 to 20 letters, digits and hyphens")
    return PersonId(text.strip().upper(), type)


def _twelve_digits(text: str, today: date) -> str:
    match = SHORT_OR_LONG.fullmatch(text)
    if not match or not text.isascii():
        raise NotAPersonId("write twelve digits, such as 198001022386")
    century, day, sign, serial = match.groups()
    if century:
        return f"{century}{day}{serial}"
    year = today.year - (today.year - int(day[:2])) % 100 - (100 if sign == "+" else 0)
    return f"{year // 100}{day}{serial}"


def _kind(number: str, today: date) -> str:
    """Return the OID of a number whose check digit holds.

    A co-ordination number's day has 60 added, and its month may be 00 or its day 60 where the
    birth date is not known; a personal number always holds a real date.
    """
    if int(number[6:8]) >= 60:
        if int(number[4:6]) > 12 or int(number[6:8]) > 91:
            raise NotAPersonId("the number holds no possible date")
        return COORDINATION_NUMBER
    born = _date_in(number)
    if born is None or born > today:
        raise NotAPersonId("the number holds no possible date")
    return PERSONAL_NUMBER


def _date_in(number: str) -> date | None:
    year, month, day = int(number[:4]), int(number[4:6]), int(number[6:8])
    try:
        return date(year, month, day - 60 if day >= 60 else day)
    except ValueError:
        return None


def _luhn_holds(ten_digits: str) -> bool:
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(ten_digits)]
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0
