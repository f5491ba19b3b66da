"""An instrument with every kind of question, which no library has."""

from proms.instruments.definition import Definition, Licence
from proms.instruments.items import Condition, Item, Number, Option
from proms.instruments.rules import Value
from proms.instruments.scales import Scale


def text(swedish):
    return {"sv": swedish, "en": f"{swedish} (en)"}


def options(*codes, **marks):
    return tuple(
        Option(code, float(place), text(f"Val {code}"), **marks.get(code, {}))
        for place, code in enumerate(codes)
    )


EVERY_KIND = Definition(
    code="every-kind",
    version="1",
    name="Every kind",
    languages=("sv", "en"),
    licence=Licence(holder="Us", wording="own"),
    introduction=text("Om allt möjligt."),
    items=(
        Item("ONE", "single", text("Välj en"), options=options("a", "b")),
        Item(
            "WHY",
            "text",
            text("Varför just b"),
            max_length=200,
            show_if=(Condition("ONE", "is", "b"),),
        ),
        Item(
            "SOME",
            "multiple",
            text("Välj några"),
            options=options("x", "y", "none", none={"exclusive": True}),
        ),
        Item("HOW-MANY", "number", text("Hur många"), number=Number(0, 20, 1, text("km"))),
        Item("WHEN", "date", text("När"), skip="option"),
        Item("MUST", "single", text("Måste besvaras"), options=options("1", "2"), skip="none"),
        Item(
            "VAS",
            "vas",
            text("Hur mycket"),
            number=Number(0, 100, low_text=text("Inget"), high_text=text("Allt")),
        ),
    ),
    scales=(Scale("vas", Value(), ("VAS",)),),
)
