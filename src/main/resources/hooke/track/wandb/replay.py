"""Replays a run of Hooke through the wandb package, offline: a line of JSON says what the run is, then one a step what was recorded."""
import json
import sys

import wandb

NUMBERS = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}


def value(text):
    """Settings come as text; what reads as JSON is what it says."""
    try:
        return json.loads(text)
    except ValueError:
        return text


head = json.loads(sys.stdin.readline())
run = wandb.init(
    mode="offline",
    dir=sys.argv[1],
    project=head["project"],
    group=head["group"],
    name=head["name"],
    id=head["id"],
    notes=head["notes"],
    tags=head["tags"],
    config={key: value(text) for key, text in head["config"].items()},
    # Nothing of this machine or folder belongs to a run that was trained elsewhere and earlier.
    settings=wandb.Settings(x_disable_stats=True, x_disable_meta=True, disable_git=True, save_code=False, console="off"),
)
for line in sys.stdin:
    step, at, values = json.loads(line)
    run.log({key: NUMBERS.get(v, v) for key, v in values.items()} | {"_timestamp": at}, step=step)
run.summary.update({"outcome": head["outcome"], "status": head["status"]})
run.finish(exit_code=1 if head["status"] == "failed" else 0)
