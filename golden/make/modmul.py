"""Family 1: modular arithmetic on a 1-layer transformer, made with TransformerLens' HookedTransformer.

PYTHONPATH=<folder of TransformerLens 2.18> HF_HUB_OFFLINE=1 python modmul.py --out DIR [--p 113 --op mul --model-seed 999 ...]
"""
import argparse, json, os
from common import *
import torch
from transformer_lens import HookedTransformer, HookedTransformerConfig

ap = argparse.ArgumentParser()
ap.add_argument("--out", required=True)
ap.add_argument("--p", type=int, default=113)
ap.add_argument("--op", default="mul", choices=["mul", "add"])
ap.add_argument("--data-seed", type=int, default=598)
ap.add_argument("--model-seed", type=int, default=999)
ap.add_argument("--frac", type=float, default=0.3)
ap.add_argument("--d-model", type=int, default=128)
ap.add_argument("--heads", type=int, default=4)
ap.add_argument("--d-mlp", type=int, default=512)
ap.add_argument("--act", default="relu")
ap.add_argument("--lr", type=float, default=1e-3)
ap.add_argument("--wd", type=float, default=1.0)
ap.add_argument("--betas", default="0.9,0.98")
ap.add_argument("--epochs", type=int, default=100)
ap.add_argument("--early", type=int, default=10, help="also save the parameters after this many epochs, where noise is still small")
ap.add_argument("--inputs", default="7,16;0,5;112,112;1,1;57,2;100,33")
a = ap.parse_args()
out = outdir(a.out)
p = a.p

av = torch.arange(p).repeat_interleave(p)
bv = torch.arange(p).repeat(p)
data = torch.stack([av, bv, torch.full_like(av, p)], 1)
labels = (av * bv if a.op == "mul" else av + bv) % p
torch.manual_seed(a.data_seed)
perm = torch.randperm(p * p)
cut = int(p * p * a.frac)
tri, tei = perm[:cut], perm[cut:]


def build():
    cfg = HookedTransformerConfig(
        n_layers=1, n_heads=a.heads, d_model=a.d_model, d_head=a.d_model // a.heads, d_mlp=a.d_mlp,
        act_fn=a.act, normalization_type=None, d_vocab=p + 1, d_vocab_out=p, n_ctx=3,
        init_weights=True, device="cpu", seed=a.model_seed)
    m = HookedTransformer(cfg)
    for n, q in m.named_parameters():
        if "b_" in n:
            q.requires_grad = False
    return m


def loss_acc(m, idx, f64=True):
    lg = m(data[idx])[:, -1]
    lg = lg.to(torch.float64)
    lp = lg.log_softmax(-1)
    y = labels[idx]
    return -lp.gather(1, y[:, None])[:, 0].mean(), (lg.argmax(-1) == y).double().mean().item()


def train(m, epochs, grads_out=None, sparse=False):
    opt = torch.optim.AdamW(m.parameters(), lr=a.lr, weight_decay=a.wd,
                            betas=tuple(float(x) for x in a.betas.split(",")))
    h = {k: [] for k in ("train_losses", "test_losses", "train_accs", "test_accs")}
    for e in range(epochs + 1):
        tl, ta = loss_acc(m, tri)
        if sparse and e not in (0, 1, 10, 50, a.epochs):  # noise runs: test set only where compared
            el, ea = torch.tensor(float("nan")), float("nan")
        else:
            with torch.inference_mode():
                el, ea = loss_acc(m, tei)
        h["train_losses"].append(tl.item()); h["train_accs"].append(ta)
        h["test_losses"].append(el.item()); h["test_accs"].append(ea)
        if e == epochs:
            break
        tl.backward()
        if e == 0 and grads_out is not None:
            for n, q in m.named_parameters():
                if q.grad is not None:
                    grads_out[n] = q.grad.clone()
        opt.step(); opt.zero_grad()
        if e + 1 == a.early:
            m.early = {n: q.detach().clone() for n, q in m.named_parameters()}
    return h


m = build()
init = {k: v.clone() for k, v in m.state_dict().items()}
named = [n for n, _ in m.named_parameters()]
frozen = [n for n, q in m.named_parameters() if not q.requires_grad]
buffers = [n for n, _ in m.named_buffers()]
save(f"{out}/init.safetensors", init)
save(f"{out}/split.safetensors", {"perm": perm, "train_indices": tri, "test_indices": tei})

# activations and logits on the initial weights
ins = torch.tensor([[int(x) for x in s.split(",")] + [p] for s in a.inputs.split(";")])
lg0, c0 = m.run_with_cache(ins)
save(f"{out}/cache_init.safetensors", {"tokens": ins, "logits": lg0, **dict(c0.items())})

g = {}
h = train(m, a.epochs, g)
save(f"{out}/grads_epoch0.safetensors", g)
save(f"{out}/epoch{a.early}.safetensors", m.early)
final = {k: v.clone() for k, v in m.state_dict().items()}
save(f"{out}/final.safetensors", {k: v for k, v in final.items() if k in dict(m.named_parameters())})
lg1, c1 = m.run_with_cache(ins)
save(f"{out}/cache_final.safetensors", {"tokens": ins, "logits": lg1, **dict(c1.items())})

# natural noise: (i) two threads, (ii) everything in float64
torch.set_num_threads(2)
m2 = build(); g2 = {}; h2 = train(m2, a.epochs, g2, True)
torch.set_num_threads(1)
m3 = build().double(); m3.cfg.dtype = torch.float64; g3 = {}; h3 = train(m3, a.epochs, g3, True)
m4 = build().double(); m4.cfg.dtype = torch.float64; m4.load_state_dict({k: v.double() for k, v in final.items()})
lg4 = m4(ins)
pd = dict(m.named_parameters())
noise = {}
for tag, mm, hh, gg in (("two_threads", m2, h2, g2), ("float64", m3, h3, g3)):
    noise[tag] = {
        "grad_epoch0_max_abs": max(maxdiff(g[n], gg[n]) for n in g),
        "early_param_max_abs": max(maxdiff(m.early[n], mm.early[n]) for n in m.early),
        "early_param_mean_abs": {n: float((m.early[n].double() - mm.early[n].double()).abs().mean()) for n in m.early if "W_" in n},
        "final_param_rel_l2": {n: float((pd[n].detach().double() - q.detach().double()).norm() / pd[n].detach().double().norm()) for n, q in mm.named_parameters() if "W_" in n},
        "train_loss_abs_at": {e: abs(h["train_losses"][e] - hh["train_losses"][e]) for e in (0, 1, 10, 50, a.epochs)},
        "test_loss_abs_at": {e: abs(h["test_losses"][e] - hh["test_losses"][e]) for e in (0, 1, 10, 50, a.epochs)},
        "final_param_max_abs": max(maxdiff(pd[n], q) for n, q in mm.named_parameters()),
    }
noise["logits_final_max_abs_float64"] = maxdiff(lg1, lg4)

rng = {"data": [["torch.manual_seed", a.data_seed], ["torch.randperm", p * p]],
       "model": [["torch.manual_seed", a.model_seed, "also seeds python random and numpy; done in HookedTransformerConfig.__post_init__ and again at the start of init_weights, nothing is drawn between"]] +
                [["normal_", n, list(pd[n].shape), {"mean": 0.0, "std": m.cfg.initializer_range, "dtype": "float32"}] for n in named if "W_" in n]}
jsave(f"{out}/run.json", {
    "versions": versions("safetensors"), "transformer_lens": "2.18.0", "command": cmdline(),
    "config": {"p": p, "op": a.op, "data_seed": a.data_seed, "model_seed": a.model_seed, "frac": a.frac,
               "n_train": cut, "n_test": p * p - cut, "lr": a.lr, "weight_decay": a.wd, "betas": [float(x) for x in a.betas.split(",")], "eps": 1e-8,
               "hooked_transformer_config": {k: (str(v) if not isinstance(v, (int, float, str, bool, type(None), list)) else v) for k, v in m.cfg.to_dict().items()}},
    "parameters": {n: {"shape": list(pd[n].shape), "trainable": pd[n].requires_grad} for n in named},
    "trainable_parameters": sum(q.numel() for q in pd.values() if q.requires_grad),
    "total_parameters": sum(q.numel() for q in pd.values()),
    "frozen": frozen, "buffers_in_state_dict": [k for k in init if k not in pd],
    "hook_names": list(c0.keys()),
    "init_sha256": {n: sha(init[n]) for n in named},
    "grad_norms_epoch0": {n: float(v.double().norm()) for n, v in g.items()},
    "rng_draws": rng, "noise": noise, **h})
readme(out, f"""# {os.path.basename(out)}: (a {'x' if a.op == 'mul' else '+'} b) mod {p} with HookedTransformer
Made by TransformerLens 2.18.0 (HookedTransformer) on torch {torch.__version__}, CPU, one thread. Command: `{cmdline()}`

- `run.json`: config, every parameter's name/shape/trainable flag, hook names, RNG draws in order, SHA-256 of each initial tensor,
  train/test losses and accuracies of epochs 0..{a.epochs} (index e = value BEFORE update e+1, so index {a.epochs} belongs to `final.safetensors`), noise figures.
  The demo notebook appends the test loss AFTER the update: its `test_losses[e]` is `test_losses[e+1]` here.
- `init.safetensors`: whole state_dict at the start (with the buffers `mask`, `IGNORE`). `final.safetensors`: parameters after {a.epochs} updates; `epoch{a.early}.safetensors` after {a.early}.
- `split.safetensors`: `perm` (randperm), `train_indices` = first {cut}, `test_indices` = rest; row index = a*{p}+b, tokens [a, b, {p}].
- `grads_epoch0.safetensors`: gradients of the first backward. Biases are frozen: no gradient, no decay (AdamW skips them).
- `cache_init.safetensors`, `cache_final.safetensors`: `tokens`, `logits` (all positions) and every hook of run_with_cache.
- Loss: mean cross-entropy at the last position, logits cast to float64 before log_softmax; AdamW on everything trainable.

Noise (max abs; same script, only threads or dtype changed): see `run.json` -> `noise`.
two threads: gradients {noise['two_threads']['grad_epoch0_max_abs']:.1e}, train loss at {a.epochs} {noise['two_threads']['train_loss_abs_at'][a.epochs]:.1e}, parameters {noise['two_threads']['final_param_max_abs']:.1e} (after {a.early}: {noise['two_threads']['early_param_max_abs']:.1e});
float64 model: gradients {noise['float64']['grad_epoch0_max_abs']:.1e}, loss at 0 {noise['float64']['train_loss_abs_at'][0]:.1e}, at {a.epochs} {noise['float64']['train_loss_abs_at'][a.epochs]:.1e} (train) {noise['float64']['test_loss_abs_at'][a.epochs]:.1e} (test), parameters {noise['float64']['final_param_max_abs']:.1e} (after {a.early}: {noise['float64']['early_param_max_abs']:.1e}), logits of the inputs (same weights cast to float64) {noise['logits_final_max_abs_float64']:.1e}.
Adam divides by sqrt(v): where a gradient is near rounding size, noise of 1e-9 becomes a step of 1e-3. So compare losses to ~1e-6 up to epoch {a.early}, to ~2e-2 at {a.epochs}; compare parameters
at {a.early} (mean abs, see `early_param_mean_abs`), and at {a.epochs} only by loss, accuracy and norm (`final_param_rel_l2`).
""")
print(json.dumps(noise, indent=1)); print(h["train_losses"][0], h["test_losses"][0], h["train_losses"][-1], h["test_losses"][-1])
