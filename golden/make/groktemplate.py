"""Family 3: the AI-Scientist grokking template's model, written anew from its description with torch's own modules.

python groktemplate.py --out DIR --runs x_div_y:2:64:2,permutation:1:128:4 [--seed 1337 --p 97 ...]
A run is task:layers:dim:heads. Parameter names follow the template (token_embeddings, position_embeddings, model.N...).
"""
import argparse, itertools, json, math, os
from common import *
import numpy as np
import torch
from torch import nn

ap = argparse.ArgumentParser()
ap.add_argument("--out", required=True)
ap.add_argument("--runs", required=True)
ap.add_argument("--light", default="", help="runs of which only numbers and digests are kept")
ap.add_argument("--seed", type=int, default=1337)
ap.add_argument("--data-seed", type=int, default=7)
ap.add_argument("--p", type=int, default=97)
ap.add_argument("--k", type=int, default=5)
ap.add_argument("--steps", type=int, default=60)
ap.add_argument("--batch", type=int, default=512)
a = ap.parse_args()
root = outdir(a.out)
p = a.p


class Block(nn.Module):
    def __init__(self, d, h):
        super().__init__()
        self.self_attn = nn.MultiheadAttention(d, h)
        self.self_attn_norm = nn.LayerNorm(d)
        self.ffn = nn.Sequential(nn.Linear(d, 4 * d), nn.GELU(), nn.Linear(4 * d, d))
        self.ffn_norm = nn.LayerNorm(d)

    def forward(self, x):                                   # [position, batch, d]
        T = x.shape[0]
        m = torch.full((T, T), float("-inf"), dtype=x.dtype).triu(1)
        y = self.self_attn_norm(x + self.self_attn(x, x, x, attn_mask=m)[0])
        return self.ffn_norm(y + self.ffn(y))


class Net(nn.Module):
    def __init__(self, L, d, h, vocab, outn, seq=5):
        super().__init__()
        self.token_embeddings = nn.Embedding(vocab, d)
        self.position_embeddings = nn.Embedding(seq, d)
        self.model = nn.Sequential(*[Block(d, h) for _ in range(L)], nn.LayerNorm(d), nn.Linear(d, outn))

    def forward(self, t):
        e = self.token_embeddings(t) + self.position_embeddings(torch.arange(t.shape[1]))[None]
        return self.model(e.transpose(0, 1))


def plain_init(L, d, vocab, outn, seed, seq=5):
    """The same initial weights by bare draws, in order: this is the recipe for libtorch."""
    torch.manual_seed(seed); r, log = {}, []
    def normal(n, *s):
        r[n] = torch.empty(s).normal_(0, 1); log.append(["normal_", n, list(s), {"mean": 0, "std": 1}])
    def uni(n, b, *s):
        r[n] = torch.empty(s).uniform_(-b, b); log.append(["uniform_", n, list(s), {"from": -b, "to": b}])
    def linear(n, i, o):
        b = math.sqrt(3.0) * (math.sqrt(2.0 / (1 + 5)) / math.sqrt(i))       # kaiming_uniform, a = sqrt(5)
        uni(n + ".weight", b, o, i); uni(n + ".bias", 1 / math.sqrt(i), o)
    normal("token_embeddings.weight", vocab, d); normal("position_embeddings.weight", seq, d)
    for l in range(L):
        q = f"model.{l}."
        linear(q + "self_attn.out_proj", d, d)
        uni(q + "self_attn.in_proj_weight", math.sqrt(6.0 / (d + 3 * d)), 3 * d, d)
        r[q + "self_attn.in_proj_bias"] = torch.zeros(3 * d); r[q + "self_attn.out_proj.bias"] = torch.zeros(d)   # the drawn out_proj bias is overwritten by zeros
        linear(q + "ffn.0", d, 4 * d); linear(q + "ffn.2", 4 * d, d)
        for n in ("self_attn_norm", "ffn_norm"):
            r[q + n + ".weight"] = torch.ones(d); r[q + n + ".bias"] = torch.zeros(d)
    r[f"model.{L}.weight"] = torch.ones(d); r[f"model.{L}.bias"] = torch.zeros(d)
    linear(f"model.{L+1}", d, outn)
    return r, log


perms = list(itertools.permutations(range(a.k)))
pidx = {x: i for i, x in enumerate(perms)}


def task(name):
    if name == "permutation":
        n = len(perms)
        pairs = [(i, j, pidx[tuple(perms[i][perms[j][t]] for t in range(a.k))]) for i in range(n) for j in range(n)]
        return pairs, n
    f = {"x_plus_y": lambda x, y: (x + y) % p, "x_minus_y": lambda x, y: (x - y) % p, "x_div_y": lambda x, y: x * pow(y, p - 2, p) % p}[name]
    return [(x, y, f(x, y)) for x in range(p) for y in range(1 if name == "x_div_y" else 0, p)], p


def seqs(pairs, ix):
    s = np.array(pairs)[ix]
    t = np.stack([s[:, 0] + 2, np.zeros(len(s), np.int64), s[:, 1] + 2, np.ones(len(s), np.int64)], 1)
    return torch.from_numpy(t), torch.from_numpy(s[:, 2].copy())


def run(spec, heavy):
    tname, L, d, h = spec.split(":"); L, d, h = int(L), int(d), int(h)
    name = f"{tname}_{L}L_d{d}_h{h}"
    out = outdir(f"{root}/{name}")
    pairs, n = task(tname)
    rng = np.random.default_rng(a.data_seed)
    order = rng.permutation(len(pairs)); ntr = int(len(pairs) * .5)
    tr, va = order[:ntr], order[ntr:]
    bi = rng.choice(tr, (a.steps, a.batch)); vi = rng.choice(va, 512)
    vx, vy = seqs(pairs, vi)

    def train(f64=False, grads=None):
        torch.manual_seed(a.seed)
        m = Net(L, d, h, n + 2, n)
        first = {k: v.detach().clone() for k, v in m.named_parameters()}
        if f64: m = m.double()
        opt = torch.optim.AdamW(m.parameters(), lr=1e-3, betas=(.9, .98), weight_decay=.5)
        sch = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min(s / 50, 1))
        R = {"loss": [], "acc": [], "lr": [], "val_loss": [], "val_acc": [], "val_at": []}
        lg0 = None
        for s in range(a.steps):
            x, y = seqs(pairs, bi[s])
            o = m(x)[-1]
            if s == 0: lg0 = o[:8].detach().clone()
            l = nn.functional.cross_entropy(o, y)
            R["loss"].append(l.item()); R["acc"].append((o.argmax(1) == y).float().mean().item()); R["lr"].append(sch.get_last_lr()[0])
            opt.zero_grad(); l.backward()
            if s == 0 and grads is not None: grads.update({k: v.grad.clone() for k, v in m.named_parameters()})
            opt.step(); sch.step()
            if (s + 1) % 10 == 0:
                with torch.no_grad():
                    o = m(vx)[-1]
                R["val_at"].append(s + 1); R["val_loss"].append(nn.functional.cross_entropy(o, vy).item()); R["val_acc"].append((o.argmax(1) == vy).float().mean().item())
        return m, first, R, lg0

    g = {}
    m, first, R, lg0 = train(grads=g)
    pl, log = plain_init(L, d, n + 2, n, a.seed)
    assert set(pl) == set(first) and all(torch.equal(pl[k], first[k]) for k in pl), "plain re-creation differs"
    m2, _, R2, lg2 = train(True, g2 := {})
    pd = dict(m.named_parameters()); pd2 = dict(m2.named_parameters())
    noise = {"float64": {"logits_step0": maxdiff(lg0, lg2), "grads_step0": max(maxdiff(g[k], g2[k]) for k in g), "loss_max": max(abs(x - y) for x, y in zip(R["loss"], R2["loss"])),
                         "loss_at": {s: abs(R["loss"][s] - R2["loss"][s]) for s in (0, 1, 10, 30, a.steps - 1)}, "acc_max": max(abs(x - y) for x, y in zip(R["acc"], R2["acc"])),
                         "params_after_max": max(maxdiff(pd[k], pd2[k]) for k in pd), "params_after_mean": max(float((pd[k].detach().double() - pd2[k].detach()).abs().mean()) for k in pd)}}
    tx = torch.stack([seqs(pairs, bi[s])[0] for s in range(a.steps)]).to(torch.int32); ty = torch.stack([seqs(pairs, bi[s])[1] for s in range(a.steps)]).to(torch.int32)
    if heavy:
        save(f"{out}/batches.safetensors", {"tokens": tx, "labels": ty, "val_tokens": vx.to(torch.int32), "val_labels": vy.to(torch.int32)})
        save(f"{out}/init.safetensors", first); save(f"{out}/grads_step0.safetensors", g); save(f"{out}/after_{a.steps}.safetensors", pd)
        save(f"{out}/forward.safetensors", {"tokens": tx[0][:8], "logits_last_position": lg0})
    win = [{"train_loss": float(np.mean(R["loss"][i:i + 10])), "train_acc": float(np.mean(R["acc"][i:i + 10]))} for i in range(0, a.steps, 10)]
    rec = {"versions": versions("safetensors"), "command": cmdline(), "task": tname, "p": p if tname != "permutation" else None, "permutations": [list(x) for x in perms] if tname == "permutation" else None,
           "layers": L, "dim": d, "heads": h, "vocab": n + 2, "outputs": n, "position_table": 5, "n_pairs": len(pairs), "n_train": ntr, "batch": a.batch, "seed": a.seed,
           "optimizer": {"name": "AdamW", "lr": 1e-3, "betas": [.9, .98], "eps": 1e-8, "weight_decay": .5, "on": "all parameters", "factor": "min(step/50, 1), so the first update has lr 0"},
           "parameters": sum(v.numel() for v in pd.values()), "batches_from": None if heavy else "same data seed and task: see the full run's batches.safetensors",
           "rng_draws": [["torch.manual_seed", a.seed]] + log, "init_sha256": {k: sha(v) for k, v in first.items()}, "grad_norms_step0": {k: float(v.double().norm()) for k, v in g.items()},
           "param_norms_after": {k: float(v.detach().double().norm()) for k, v in pd.items()}, "window10_means": win, "noise": noise, **R}
    jsave(f"{out}/run.json", rec)
    return name, rec


done = [run(s, True) for s in a.runs.split(",")] + [run(s, False) for s in a.light.split(",") if s]
counts = []
for L, d, h in itertools.product((1, 2, 4), (64, 128, 256), (2, 4, 8)):
    e = {"layers": L, "dim": d, "heads": h}
    for nm, n in (("mod_p", p), ("permutation", len(perms))):
        e[nm] = sum(v.numel() for v in Net(L, d, h, n + 2, n).parameters())
    counts.append(e)
jsave(f"{root}/parameter_counts.json", {"p": p, "k": a.k, "counts": counts})
# what permutation composition means here
ex = [{"a": list(perms[i]), "b": list(perms[j]), "a_then": "c[i] = a[b[i]]", "c": list(perms[k])} for i, j, k in [task("permutation")[0][t] for t in (1, 777 % len(perms) ** 2, len(perms) ** 2 - 2)]]
jsave(f"{root}/task_examples.json", {"permutation": ex, **{t: [list(x) for x in task(t)[0][5::997]] for t in ("x_plus_y", "x_minus_y", "x_div_y")}})
readme(root, f"""# {os.path.basename(root)}: AI-Scientist grokking template, torch {torch.__version__}, CPU, one thread
Written anew from the description with torch.nn.MultiheadAttention/LayerNorm/Linear/Embedding; parameter names as in the template. Command: `{cmdline()}`

- one directory per run: `run.json` (losses, accuracies and lr per step; index s = step s+1, before its update; validation after 10, 20, ...; means over windows of 10 as the template reports), and for full runs
  `init`, `batches` (tokens int32 [{a.steps},{a.batch},4] = [a+2, 0, b+2, 1], labels [{a.steps},{a.batch}], val_tokens), `grads_step0`, `after_{a.steps}`, `forward` (logits of 8 rows at the last position).
  Batches are explicit, so Python's `random` (unseeded in the template) plays no part. Permutations are numbered lexicographically (list in run.json), (a.b)[i] = a[b[i]].
- `run.json` -> `rng_draws`: manual_seed and every draw in order; the script checks that bare uniform_/normal_ calls give bit-identical initial weights (out_proj's bias is drawn, then zeroed).
- `parameter_counts.json`: 27 architectures for mod p and for S{a.k}. `task_examples.json`: a few equations.

| run | parameters | loss first -> last | float64: logits / grads / loss / parameters (max abs) |
|---|---|---|---|
""" + "\n".join(f"| {n} | {r['parameters']} | {r['loss'][0]:.6f} -> {r['loss'][-1]:.6f} | {r['noise']['float64']['logits_step0']:.1e} / {r['noise']['float64']['grads_step0']:.1e} / {r['noise']['float64']['loss_max']:.1e} / {r['noise']['float64']['params_after_max']:.1e} |" for n, r in done) + "\n")
for n, r in done: print(n, r["parameters"], r["loss"][0], r["loss"][-1], json.dumps(r["noise"]))
print([(c["layers"], c["dim"], c["mod_p"], c["permutation"]) for c in counts if c["heads"] == 4])
