"""Family 2: two-number list copy through a SEP bottleneck, made with TransformerLens' HookedTransformer.

PYTHONPATH=<folder of TransformerLens 2.18> HF_HUB_OFFLINE=1 python listcopy.py --out DIR --configs d128_2L_noLN_noBias_fWV_fWO,... [--seed 0 --digits 100 --steps 300]
Every configuration is run as if the notebook had been started afresh for it.
"""
import argparse, itertools, json, os, re
from common import *
import torch
from torch.utils.data import TensorDataset, DataLoader
from transformer_lens import HookedTransformer, HookedTransformerConfig

ap = argparse.ArgumentParser()
ap.add_argument("--out", required=True)
ap.add_argument("--configs", required=True)
ap.add_argument("--seed", type=int, default=0)
ap.add_argument("--digits", type=int, default=100)
ap.add_argument("--batch", type=int, default=128)
ap.add_argument("--heads", type=int, default=1)
ap.add_argument("--steps", type=int, default=300)
ap.add_argument("--threads-noise", action="store_true")
ap.add_argument("--long-config", default="")
ap.add_argument("--long-steps", type=int, default=3000)
ap.add_argument("--wd", type=float, default=0.01)
ap.add_argument("--lr", type=float, default=1e-3)
a = ap.parse_args()
root = outdir(a.out)
N, SEP, T, L = a.digits, a.digits, 5, 2
V = N + 1

mask = torch.full((T, T), float("-inf"))
for q in range(T):
    for k in range(q):
        if not (q > L and k < L):
            mask[q, k] = 0.0
mask[0, 0] = 0.0


def parse(name):
    m = re.fullmatch(r"d(\d+)_(\d+)L_(noLN|LN)_(noBias|Bias)_([fu])WV_([fu])WO", name)
    return dict(d=int(m[1]), layers=int(m[2]), ln=m[3] == "LN", bias=m[4] == "Bias", fwv=m[5] == "f", fwo=m[6] == "f")


class Setup:
    """The notebook's order: seed, randperm, loaders, model, training."""
    def __init__(self, name, f64=False):
        c = parse(name)
        torch.manual_seed(a.seed)
        n = N * N
        pairs = torch.cartesian_prod(torch.arange(N), torch.arange(N))
        self.perm = torch.randperm(n)
        pairs = pairs[self.perm]
        sep = torch.full((n, 1), SEP)
        self.targets = torch.cat([pairs, sep, pairs], 1)
        self.inputs = torch.cat([pairs, sep, sep, sep], 1)
        self.nt = int(0.8 * n)
        ids = torch.arange(n)
        tr = TensorDataset(self.inputs[:self.nt], self.targets[:self.nt], ids[:self.nt])
        va = TensorDataset(self.inputs[self.nt:], self.targets[self.nt:], ids[self.nt:])
        self.train_dl = DataLoader(tr, min(a.batch, len(tr)), shuffle=True, drop_last=True)
        self.val_dl = DataLoader(va, min(256, len(va)), drop_last=False)
        cfg = HookedTransformerConfig(n_layers=c["layers"], n_heads=a.heads, d_model=c["d"], d_head=c["d"] // a.heads,
                                      n_ctx=T, d_vocab=V, attn_only=True, normalization_type="LN" if c["ln"] else None, device="cpu")
        m = HookedTransformer(cfg)
        self.raw_init = {k: v.clone() for k, v in m.named_parameters()}
        with torch.no_grad():
            for b in m.blocks:
                if c["fwv"]:
                    b.attn.W_V.copy_(torch.eye(c["d"], cfg.d_head).repeat(a.heads, 1, 1)); b.attn.W_V.requires_grad = False
                if c["fwo"]:
                    b.attn.W_O.copy_(torch.eye(cfg.d_head, c["d"]).repeat(a.heads, 1, 1)); b.attn.W_O.requires_grad = False
                if not c["bias"]:
                    for bn in ("b_Q", "b_K", "b_V", "b_O"):
                        getattr(b.attn, bn).zero_().requires_grad_(False)
        if not c["bias"]:
            m.unembed.b_U.data.zero_(); m.unembed.b_U.requires_grad_(False)
        if f64:
            m = m.double(); m.cfg.dtype = torch.float64
        for b in m.blocks:
            b.attn.hook_attn_scores.add_perma_hook(lambda s, hook=None: s + mask.to(s.dtype), dir="fwd")
        self.m, self.cfg = m, cfg
        self.batches = []

    def accuracy(self, m=None):
        m = m or self.m
        hit = tot = 0
        with torch.no_grad():
            for x, y, _ in self.val_dl:
                pr = m(x)[:, L + 1:].argmax(-1)
                hit += (pr == y[:, L + 1:]).sum().item(); tot += pr.numel()
        return hit / tot

    def train(self, steps, grads=None, at=None, stop=None):
        m = self.m
        opt = torch.optim.AdamW(m.parameters(), a.lr, weight_decay=a.wd)
        ce = torch.nn.CrossEntropyLoss()
        dl = itertools.cycle(self.train_dl)
        losses, accs = [], {}
        for s in range(steps):
            x, y, i = next(dl)
            if len(self.batches) < len(self.train_dl):
                self.batches.append(i.clone())
            loss = ce(m(x)[:, L + 1:].reshape(-1, V), y[:, L + 1:].reshape(-1))
            loss.backward()
            if s == 0 and grads is not None:
                grads.update({n: q.grad.clone() for n, q in m.named_parameters() if q.grad is not None})
            opt.step(); opt.zero_grad()
            losses.append(loss.item())
            if (s + 1) % 100 == 0:
                accs[s + 1] = self.accuracy()
                if at and s + 1 == at[0]:
                    at[1](self)
                if stop and accs[s + 1] >= stop:
                    break
        return losses, accs


def attention_study(S, prefix):
    """check_attention, mean patterns, accuracy with the mean pattern in place of each layer's own (notebook's method)."""
    m = S.m
    nl = S.cfg.n_layers
    tot = [torch.zeros(T, T) for _ in range(nl)]
    leak = [0.0] * nl; first = None; same = [True] * nl; n = 0
    pats = [[] for _ in range(nl)]
    with torch.no_grad():
        for x, _, _ in S.val_dl:
            _, c = m.run_with_cache(x)
            for l in range(nl):
                p = c["pattern", l][:, 0]
                leak[l] = max(leak[l], p[:, L + 1:, :L].sum(-1).max().item())
                pats[l].append(p); tot[l] += p.sum(0)
            n += x.shape[0]
    avg = [t / n for t in tot]
    for l in range(nl):
        P = torch.cat(pats[l]); same[l] = torch.allclose(P, P[0].expand_as(P))
    base = S.accuracy()
    handles = []
    res = {"validation_accuracy": base, "max_leak_per_layer": leak, "leak_threshold": 1e-3, "all_patterns_identical": same, "n": n,
           "mean_pattern": [p.tolist() for p in avg]}
    def hook(lg):
        return lambda s, hook=None: lg[None, None].expand_as(s)
    for l in range(nl):
        m.blocks[l].attn.hook_attn_scores.add_hook(hook((avg[l] + 1e-12).log()), dir="fwd")
    res["accuracy_mean_attention_all_layers"] = S.accuracy()
    m.reset_hooks()
    for l in range(nl):
        m.blocks[l].attn.hook_attn_scores.add_hook(hook((avg[l] + 1e-12).log()), dir="fwd")
        res[f"accuracy_mean_attention_layer_{l}"] = S.accuracy()
        m.reset_hooks()
    # same, but the mean placed at hook_pattern (no softmax, no 1e-12): exact substitution
    for l in range(nl):
        m.blocks[l].attn.hook_pattern.add_hook((lambda av: (lambda s, hook=None: av[None, None].expand_as(s)))(avg[l]), dir="fwd")
    res["accuracy_mean_attention_at_pattern"] = S.accuracy()
    m.reset_hooks()
    return res


summary = {}
for name in a.configs.split(","):
    out = outdir(f"{root}/{name}")
    S = Setup(name)
    m = S.m
    named = list(dict(m.named_parameters()))
    pd = dict(m.named_parameters())
    save(f"{out}/init.safetensors", {k: v for k, v in pd.items()})
    ins = S.inputs[[0, 1, 2, S.nt, S.nt + 1, S.nt + 2]]
    g, box = {}, {}
    long = name == a.long_config

    def at_steps(S):
        box["state"] = {k: v.detach().clone() for k, v in S.m.named_parameters()}
        lg, c = S.m.run_with_cache(ins)
        save(f"{out}/cache.safetensors", {"tokens": ins, "logits": lg, **{k: v for k, v in c.items()}})
        box["study"] = attention_study(S, "")
        box["hooks"] = list(c.keys())
        box["logits"] = lg.detach().clone()

    losses, accs = S.train(a.long_steps if long else a.steps, g, (a.steps, at_steps))
    save(f"{out}/grads_step0.safetensors", g)
    save(f"{out}/final.safetensors", box["state"])
    save(f"{out}/data.safetensors", {"perm": S.perm, "batches": torch.stack(S.batches)})

    noise = {}
    for tag in (("two_threads", "float64") if a.threads_noise else ("float64",)):
        torch.set_num_threads(2 if tag == "two_threads" else 1)
        S2 = Setup(name, f64=tag == "float64"); g2 = {}; l2, a2 = S2.train(a.steps, g2)
        torch.set_num_threads(1)
        noise[tag] = {"grad_step0_max_abs": max(maxdiff(g[k], g2[k]) for k in g),
                      "loss_abs_at": {s: abs(losses[s] - l2[s]) for s in (0, 1, 10, 100, a.steps - 1)},
                      "loss_abs_max": max(abs(x - y) for x, y in zip(losses, l2)),
                      "val_acc_abs_max": max(abs(accs[k] - a2[k]) for k in a2),
                      "final_param_max_abs": max(maxdiff(box["state"][k], q) for k, q in S2.m.named_parameters())}
    rng = [["torch.manual_seed", a.seed], ["torch.randperm", N * N]] + \
          [["normal_", k, list(pd[k].shape), {"mean": 0.0, "std": S.cfg.initializer_range}] for k in named if "W_" in k] + \
          [["random_ int64 scalar", "DataLoader iterator's base_seed (training), not used"],
           ["random_ int64 scalar", "RandomSampler's seed s; then an own Generator: manual_seed(s), randperm(n_train)"],
           ["random_ int64 scalar", "base_seed of each pass over val_dl (one per accuracy call); changes nothing in training"]]
    rec = {"versions": versions("safetensors"), "transformer_lens": "2.18.0", "command": cmdline(), "name": name, "spec": parse(name),
           "config": {"digits": N, "sep": SEP, "d_vocab": V, "n_ctx": T, "n_train": S.nt, "n_val": N * N - S.nt, "batch": a.batch, "n_heads": a.heads,
                      "batches_per_epoch": len(S.train_dl), "never_seen_training_pairs": S.nt - len(S.train_dl) * S.train_dl.batch_size,
                      "lr": a.lr, "weight_decay": a.wd, "betas": [0.9, 0.999], "eps": 1e-8, "initializer_range": S.cfg.initializer_range},
           "mask": mask.tolist(), "total_parameters": sum(q.numel() for q in pd.values()),
           "trainable_parameters": sum(q.numel() for q in pd.values() if q.requires_grad),
           "parameters": {k: {"shape": list(q.shape), "trainable": q.requires_grad} for k, q in pd.items()},
           "hook_names": box["hooks"], "raw_init_sha256": {k: sha(v) for k, v in S.raw_init.items()},
           "rng_draws": rng, "first_train_inputs": S.inputs[:5].tolist(), "first_val_input": S.inputs[S.nt].tolist(),
           "losses": losses[:a.steps], "val_acc": {k: v for k, v in accs.items() if k <= a.steps},
           "attention_study_after_steps": box["study"], "noise": noise}
    if long:
        S.m.eval()
        save(f"{out}/trained.safetensors", dict(S.m.named_parameters()))
        st = attention_study(S, "")
        lg, c = S.m.run_with_cache(ins)
        save(f"{out}/cache_trained.safetensors", {"tokens": ins, "logits": lg, **{f"blocks.{l}.attn.hook_pattern": c["pattern", l] for l in range(S.cfg.n_layers)}})
        rec["long"] = {"steps": len(losses), "loss_every_100": losses[99::100], "val_acc": accs, "attention_study": st}
    jsave(f"{out}/run.json", rec)
    summary[name] = {k: rec[k] for k in ("total_parameters", "trainable_parameters", "val_acc", "noise")}
    summary[name]["loss_first_last"] = [losses[0], losses[a.steps - 1]]
    print(name, json.dumps(summary[name]), flush=True)
    if long:
        print({k: v for k, v in rec["long"]["attention_study"].items() if k != "mean_pattern"}, rec["long"]["steps"])

rows = []
for n in sorted(os.listdir(root)):
    if os.path.exists(f"{root}/{n}/run.json"):
        r = json.load(open(f"{root}/{n}/run.json"))
        z = r["noise"]; f = z["float64"]; w = z.get("two_threads")
        rows.append(f"| {n} | {r['total_parameters']} / {r['trainable_parameters']} | {r['losses'][0]:.6f} -> {r['losses'][-1]:.6f} | {list(r['val_acc'].values())} | "
                    + (f"{w['loss_abs_max']:.1e} / {w['final_param_max_abs']:.1e}" if w else "not run")
                    + f" | {f['grad_step0_max_abs']:.1e} / {f['loss_abs_max']:.1e} / {f['final_param_max_abs']:.1e} |")
lines = "\n".join(rows)
readme(root, f"""# {os.path.basename(root)}: list copy, TransformerLens 2.18.0 HookedTransformer, torch {torch.__version__}, CPU, one thread
Last command: `{cmdline()}` (each run.json has its own). One directory per configuration; each is run as a freshly started notebook (manual_seed({a.seed}), randperm, loaders, model, training).

- `init.safetensors`: parameters at the start (W_V/W_O already identity where frozen). `run.json` -> `raw_init_sha256`: before that. `final.safetensors`: after {a.steps} updates.
- `data.safetensors`: `perm` (dataset order; row r = pair (perm[r]//{N}, perm[r]%{N}); first 80% training), `batches` [{len(S.train_dl)},{a.batch}] (indices into the training part).
  itertools.cycle REPLAYS these batches for ever; {S.nt - len(S.train_dl) * S.train_dl.batch_size} training pairs (dropped last batch) are never seen.
- `grads_step0.safetensors`, `cache.safetensors` (after {a.steps} updates; `tokens`, `logits`, every hook).
- `run.json`: losses of steps 1..{a.steps} (index s = loss of step s+1, before its update), `val_acc` after steps 100, 200, ..., mask, RNG draws in order,
  `attention_study_after_steps`: maximal leak per layer, mean patterns, accuracy with the mean pattern substituted at hook_attn_scores as log(mean+1e-12) (notebook), per layer alone, and at hook_pattern.
  With several heads it reads head 0 only, as the notebook does, and puts head 0's mean into every head.
- AdamW lr {a.lr} wd {a.wd} on everything trainable (LayerNorm gains and biases too); loss float32 mean cross-entropy over both output positions. Accuracy counts positions, not lists.

| configuration | parameters / trainable | loss first -> last | validation accuracy | two threads: loss / params | float64: grads / loss / params (max abs over {a.steps} steps) |
|---|---|---|---|---|---|
{lines}
""")
