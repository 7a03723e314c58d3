"""Writes cox.txt: Cox regressions of lifelines and statsmodels, to hold HazardRatio against.

    pip install lifelines==0.30.3 statsmodels==0.15.0 && python cox.py > cox.txt

A line is a data set: times of the first group, times of the second (+ for censored), then coefficient and partial log-likelihood of
lifelines' CoxPHFitter (Efron's ties), then the ends of the 95% profile-likelihood interval of the coefficient, where the log-likelihood of
statsmodels' PHReg (Efron's ties) is half a chi-square quantile below its maximum. The last line is the public waltons data.
"""
import sys
import warnings

import numpy as np
import pandas as pd
import statsmodels.api as sm
from lifelines import CoxPHFitter
from lifelines.datasets import load_waltons
from scipy.optimize import brentq
from scipy.stats import chi2


def fit(time, observed, first):
    data = pd.DataFrame({"time": time, "observed": observed, "first": first.astype(float)})
    cox = CoxPHFitter().fit(data, "time", "observed", fit_options={"precision": 1e-12})
    peer = sm.PHReg(data["time"], data[["first"]], status=data["observed"], ties="efron")
    best = cox.params_["first"]
    fall = lambda b: 2 * (peer.loglike(np.array([best])) - peer.loglike(np.array([b]))) - chi2.ppf(0.95, 1)
    return best, cox.log_likelihood_, brentq(fall, best - 20, best, xtol=1e-12), brentq(fall, best, best + 20, xtol=1e-12)


def line(time, observed, first, numbers):
    group = lambda of: " ".join(f"{t:g}" + ("" if o else "+") for t, o in zip(time[of], observed[of]))
    return " | ".join([group(first), group(~first), " ".join(f"{x:.10g}" for x in numbers)])


def main():
    warnings.simplefilter("error")  # where the likelihood has no maximum, lifelines warns, and another set is drawn
    draw = np.random.default_rng(12)
    written = 0
    while written < 200:
        sizes = draw.integers(2, 30, 2)
        first = np.repeat([True, False], sizes)
        ratio = np.exp(draw.uniform(-3, 3))
        grid = draw.choice([1, 10, 100])  # from no ties to many
        time = np.ceil(draw.exponential(np.where(first, 1000 / ratio, 1000)) / grid) * grid
        budget = np.ceil(draw.uniform(0.5, 4) * 1000 / grid) * grid
        leaves = np.where(draw.random(len(time)) < 0.1, np.ceil(draw.uniform(0, budget, len(time)) / grid) * grid, budget)
        observed = time <= leaves
        time = np.minimum(time, leaves)
        try:
            numbers = fit(time, observed, first)
        except Warning:
            continue
        print(line(time, observed, first, numbers))
        written += 1
    waltons = load_waltons()
    time, observed, first = waltons["T"].to_numpy(), waltons["E"].to_numpy() == 1, (waltons["group"] == "miR-137").to_numpy()
    print(line(time, observed, first, fit(time, observed, first)))


main()
