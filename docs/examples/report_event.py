"""Report the demonstration's first untouched person, or tell what became of it since."""

import json
from pathlib import Path
from urllib.request import Request, urlopen

demo = json.loads((Path(__file__).parents[2] / ".local" / "demo.json").read_text())
person = demo["people"][0]
event = {
    "event_id": "example-1",
    "survey": demo["survey"],
    "person_id": person,
    "unit": demo["unit"],
    "event": demo["event"],
    "date": "2026-11-02",
}


def call(path: str, body: dict | None = None) -> dict:
    """Call the API: POST with a body, else GET."""
    request = Request(demo["web"] + path, data=json.dumps(body).encode() if body else None)
    request.add_header("Authorization", f"Token {demo['api_token']}")
    request.add_header("Content-Type", "application/json")
    with urlopen(request) as response:
        return json.load(response)


enrolment = call("/api/events/", event)
for occasion in call(f"/api/enrolments/{enrolment['id']}/")["occasions"]:
    print(occasion["time_point"], occasion["status"], occasion["due_at"])
    for score in occasion.get("record", {}).get("scores", []):
        print("   ", score["scale"], score["value"], score["set"])
print(f"Inbox of {person}: {demo['inbox']}/inbox/{person}")
