"""Definitions made up by Hypothesis: every kind of item, in one or two languages."""

from hypothesis import strategies as st

from proms.instruments import documents

# What formats trip over: separators, marks of formulas, quotes, line ends, letters beyond ASCII.
words = (
    st.text("abc ÅÄÖåäö漢=|;,'\"@+-\\\n.:()#", min_size=1, max_size=30).map(str.strip).filter(bool)
)
codes = st.text("abcXYZ019_.-", min_size=1, max_size=8).filter(lambda code: code[0].isalnum())
figures = st.integers(-1000, 1000).map(float)


@st.composite
def definitions(draw):
    languages = draw(st.sampled_from([["sv"], ["sv", "en"], ["en", "sv"]]))
    spoken = st.fixed_dictionaries(dict.fromkeys(languages, words))
    item_codes = draw(st.lists(codes, min_size=1, max_size=5, unique_by=str.lower))
    sections = [{"code": f"part{n}", "title": draw(spoken)} for n in range(draw(st.integers(0, 2)))]
    items = []
    for code in item_codes:
        items.append(draw(items_of(code, spoken, [s["code"] for s in sections], items)))
    document = {
        "code": "made-up",
        "version": draw(codes),
        "name": draw(words),
        "languages": languages,
        "licence": {"holder": draw(words), "wording": "own"},
        "title": draw(spoken),
        "introduction": draw(spoken),
        "sections": sections,
        "items": items,
        "scales": [],
    }
    return documents.read(document)


@st.composite
def items_of(draw, code, spoken, sections, before):
    kind = draw(st.sampled_from(["single", "multiple", "number", "text", "vas", "date"]))
    item = {"code": code, "kind": kind, "text": draw(spoken)}
    item["skip"] = draw(st.sampled_from(["soft", "none", "option"]))
    if sections and draw(st.booleans()):
        item["section"] = draw(st.sampled_from(sections))
    if draw(st.booleans()):
        item["instructions"] = draw(st.lists(spoken, min_size=1, max_size=3))
    if kind in ("single", "multiple"):
        item["options"] = draw(options(spoken))
    if kind in ("number", "vas"):
        item["number"] = draw(numbers(spoken))
    if before and draw(st.booleans()):
        item["show_if"] = [draw(conditions(draw(st.sampled_from(before))))]
    return item


@st.composite
def options(draw, spoken):
    chosen = draw(st.lists(codes, min_size=1, max_size=4, unique=True))
    made = []
    for code in chosen:
        option = {"code": code, "text": draw(spoken)}
        if draw(st.booleans()):
            option["score"] = draw(figures)
        if draw(st.booleans()):
            option["exclusive"] = True
        made.append(option)
    return made


@st.composite
def numbers(draw, spoken):
    low = draw(figures)
    number = {"minimum": low, "maximum": low + draw(st.integers(1, 100))}
    if decimals := draw(st.integers(0, 3)):
        number["decimals"] = decimals
    for name in ("unit", "low_text", "high_text"):
        if draw(st.booleans()):
            number[name] = draw(spoken)
    return number


@st.composite
def conditions(draw, item):
    if item["kind"] in ("single", "multiple"):
        value = draw(st.sampled_from([option["code"] for option in item["options"]]))
        operator = draw(st.sampled_from(["is", "is_not"]))
        return {"item": item["code"], "operator": operator, "value": value}
    if item["kind"] in ("number", "vas"):
        return {"item": item["code"], "operator": "at_least", "value": draw(figures)}
    return {"item": item["code"], "operator": "answered"}
