"""Files with values beside their weights that nothing here needs, and a module that was pickled whole; torch 2.15, numpy 2.4.

    python beside.py
"""
import argparse
import collections
import datetime
import pathlib

import numpy as np
import torch

weights = {"embed.W_E": torch.ones(2, 3)}
torch.save(
    {
        "model": weights,
        "losses": np.array([2.5, 1.25]),
        "names": np.array(["a", "bc"]),
        "objects": np.array([None, {1: 2}], dtype=object),
        "tokens": torch.tensor([1, 2, 3], dtype=torch.uint16),
        "rotary": torch.ones(2, dtype=torch.complex64),
        0.5: "a float as a key",
        (1, 2): "a tuple as a key",
        None: "None as a key",
        "args": argparse.Namespace(lr=0.1, out=pathlib.PosixPath("/out")),
        "seen": {1, 2},
        "history": collections.defaultdict(list, loss=[1.0]),
        "counts": collections.Counter("aab"),
        "queue": collections.deque([1], maxlen=3),
        "at": datetime.datetime(2026, 1, 2, 3, 4, 5),
        "optimizer": {"state": {0: {"step": torch.tensor(3.0), "exp_avg": torch.ones(2, 3)}}, "param_groups": [{"lr": 0.1}]},
        "epoch": 7,
    },
    "beside.pth",
)
torch.save(torch.nn.Linear(2, 2), "module.pth")
