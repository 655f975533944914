"""Tells when it is high water in a few harbours, from the moon's tide alone."""

import json
import time
from pathlib import Path

from flask import Flask, abort, jsonify

CACHE = Path("/tmp/cache")
PERIOD = 44714  # seconds from one high water to the next: the lunar semidiurnal tide
HIGH_WATER = {"whitby": 3600, "falmouth": 9900, "leith": 39600}  # a high water, seconds after the epoch

app = Flask(__name__)


def next_tides(harbour, now):
    """The next four high waters, as seconds since the epoch."""
    first = now + (HIGH_WATER[harbour] - now) % PERIOD
    return [int(first + n * PERIOD) for n in range(4)]


@app.get("/tides/<harbour>")
def tides(harbour):
    if harbour not in HIGH_WATER:
        abort(404)
    now = time.time()
    cached = CACHE / f"{harbour}.json"
    times = json.loads(cached.read_text()) if cached.exists() else []
    if not times or times[0] < now:
        times = next_tides(harbour, now)
        CACHE.mkdir(parents=True, exist_ok=True)
        cached.write_text(json.dumps(times))
    return jsonify(harbour=harbour, high_water=times)


@app.get("/healthz")
def healthz():
    return "ok\n"


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=5000)
