"""Report a surgery of one of the demonstration's people, or tell what became of it since.

With the word `email` it is someone without an inbox, who has consented to e-mail.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

demo = json.loads((Path(__file__).parents[2] / ".local" / "demo.json").read_text())
by_email = sys.argv[1:] == ["email"]
person = demo["without_inbox"][0] if by_email else demo["people"][0]
day = datetime.now(UTC).date().replace(day=1).isoformat()
event = {
    "event_id": f"example-{person}",
    "survey": demo["survey"],
    "person_id": person,
    "unit": demo["unit"],
    "event": demo["event"],
    "date": day,
}
if by_email:
    event["contact"] = {"name": "Alma Berg", "email": "alma@example.org"}
    event["consents"] = [{"channel": "email", "source": "kallelse", "on": day}]


def call(path: str, body: object = None) -> Any:
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
where = ".local/mail/" if by_email else f"{demo['inbox']}/inbox/{person}"
print(f"Messages to {person}: {where}")
