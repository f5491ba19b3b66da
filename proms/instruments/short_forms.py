"""Fixed short forms, taken from their bank so that numbers and words exist once."""

from dataclasses import replace

from proms.instruments.banks import Bank
from proms.instruments.definition import Definition
from proms.instruments.rules import Missing, SumT
from proms.instruments.scales import Scale

# HealthMeasures: a form of four or more items needs at least four answers.
ENOUGH = 4


def short_form(bank: Definition, suffix: str) -> Definition:
    """Return the fixed form of a bank that has this suffix, such as `4a`."""
    assert bank.bank is not None
    codes = bank.bank.short_forms[suffix]
    return replace(
        bank,
        code=f"{bank.code}-{suffix}",
        name=f"{bank.name} {suffix}",
        title={language: f"{title} {suffix}" for language, title in bank.title.items()},
        items=tuple(bank.items_by_code[code] for code in codes),
        scales=tuple(_scales(bank.scales_by_code["t"], codes)),
        bank=_calibration(bank, codes),
    )


def _scales(whole: Scale, codes: tuple[str, ...]) -> tuple[Scale, Scale]:
    needed = Missing("at_least", min(ENOUGH, len(codes)))
    pattern = replace(whole, items=codes, missing=needed)
    return replace(pattern, code="t_sum", rule=SumT(), missing=Missing("all")), pattern


def _calibration(bank: Definition, codes: tuple[str, ...]) -> Bank:
    assert bank.bank is not None
    sets = tuple(
        replace(
            parameters,
            items={code: parameters.items[code] for code in codes if code in parameters.items},
        )
        for parameters in bank.bank.parameter_sets
    )
    return replace(bank.bank, parameter_sets=sets, short_forms={}, short_form_of=bank.code)
