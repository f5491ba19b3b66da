"""Someone who answers by the hooks alone: what a page says it asks, and what leads on."""

from typing import Any

from lxml import html

ANSWERS = {"MO": "1", "SC": "1", "UA": "2", "PD": "3", "AD": "1", "VAS": "70"}


class Robot:
    """A browser without script, on Django's test client."""

    def __init__(self, client):
        self.client = client
        self.seen = []
        self.page: Any = None

    def open(self, path):
        return self._take(self.client.get(path, follow=True))

    def enter(self, token):
        """Open a link and press what leads on."""
        self.open(f"/s/{token}/")
        return self.go_on()

    def answer(self, **answers):
        """Answer questions until there is none, by item code or as a robot would."""
        while self.question is not None:
            code = self.question.get("data-question")
            self.fill((ANSWERS | answers).get(code, self._any()))
        return self

    def fill(self, *values, press="continue", **hidden):
        """Give an answer to the question at hand."""
        return self._send({**self._hidden(), "answer": list(values), **hidden}, press)

    def go_on(self):
        """Press what leads on, on a page that asks nothing."""
        return self._send(self._hidden(), "continue")

    def follow(self, text):
        """Follow the link with this text."""
        [link] = self.page.xpath(f"//a[starts-with(normalize-space(), '{text}')]")[:1]
        return self.open(link.get("href"))

    @property
    def path(self):
        return self.response.request["PATH_INFO"]

    @property
    def question(self):
        found = self.page.xpath("//form[@data-question]")
        return found[0] if found else None

    @property
    def code(self):
        """The item that is asked."""
        return self.question.get("data-question")

    @property
    def text(self):
        return self.page.text_content()

    @property
    def is_submitted(self):
        return bool(self.page.xpath("//main[@data-state='submitted']"))

    def value(self, name="answer"):
        """What the form of the question shows as filled in."""
        form = self.question
        checked = form.xpath(f".//input[@name='{name}'][@checked]/@value")
        typed = form.xpath(
            f".//input[@name='{name}'][not(@type='radio' or @type='checkbox')]/@value"
        )
        return (checked or typed or [None])[0] or None

    def _send(self, data, press):
        [control] = self.page.xpath("//*[@data-action='continue']")
        if control.tag == "a":
            return self.open(control.get("href"))
        form = control.xpath("ancestor::form")[0]
        if press != "continue":
            [control] = form.xpath(f".//button[@name='{press}']")
            data[press] = control.get("value")
        path = form.get("action") or self.response.request["PATH_INFO"]
        return self._take(self.client.post(path, data, follow=True))

    def _hidden(self):
        [control] = self.page.xpath("//*[@data-action='continue']")
        form = control.xpath("ancestor::form")
        fields = form[0].xpath(".//input[@type='hidden']") if form else []
        return {field.get("name"): field.get("value") for field in fields}

    def _any(self):
        form = self.question
        for field in form.xpath(".//input[@name='answer'] | .//textarea[@name='answer']"):
            kind = field.get("type")
            if kind in ("radio", "checkbox"):
                return field.get("value")
            return {"number": field.get("min"), "date": "2026-03-14"}.get(kind, "text")
        raise AssertionError("nothing to fill in")

    def _take(self, response):
        self.response = response
        self.seen.append(response)
        self.page = html.fromstring(response.content)
        return self
