"""Reloads a golden tree and recomputes what can be recomputed in plain torch (no TransformerLens, no x-transformers, no lifelines).

python verify.py GOLDEN_ROOT     prints one line per check; exits 1 when one fails.
"""
import glob, hashlib, json, math, os, sys
import numpy as np
import torch
from torch.nn import functional as F
from safetensors.torch import load_file
from safetensors import safe_open

torch.set_num_threads(1)
root = sys.argv[1]; bad = 0


def check(what, err, tol):
    global bad
    ok = err <= tol; bad += not ok
    print(("ok  " if ok else "BAD ") + f"{what}: {err:.2e} (limit {tol:.0e})")


def ln(x, g, b): return F.layer_norm(x, x.shape[-1:], g, b, 1e-5)


def hooked(W, tok, layers, heads, act=None, mask=None):
    """HookedTransformer forward from its parameters alone; returns logits and patterns."""
    x = W["embed.W_E"][tok] + W["pos_embed.W_pos"][:tok.shape[1]]
    T = tok.shape[1]; pats = []
    causal = torch.ones(T, T).tril().bool()
    for l in range(layers):
        p = f"blocks.{l}."
        y = ln(x, W[p + "ln1.w"], W[p + "ln1.b"]) if p + "ln1.w" in W else x
        q, k, v = (torch.einsum("btd,hde->bhte", y, W[p + f"attn.W_{c}"]) + W[p + f"attn.b_{c}"][None, :, None] for c in "QKV")
        s = (q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])).masked_fill(~causal, float("-inf"))
        if mask is not None: s = s + mask
        a = s.softmax(-1); pats.append(a)
        x = x + torch.einsum("bhte,hed->btd", a @ v, W[p + "attn.W_O"]) + W[p + "attn.b_O"]
        if act is not None:
            y = ln(x, W[p + "ln2.w"], W[p + "ln2.b"]) if p + "ln2.w" in W else x
            x = x + act(y @ W[p + "mlp.W_in"] + W[p + "mlp.b_in"]) @ W[p + "mlp.W_out"] + W[p + "mlp.b_out"]
    if "ln_final.w" in W: x = ln(x, W["ln_final.w"], W["ln_final.b"])
    return x @ W["unembed.W_U"] + W["unembed.b_U"], pats


def xt(W, tok, c, kv=None):
    """x-transformers decoder with RoPE on the first rotary_emb_dim dims of each head. Its LayerNorm stores gain - 1 (norm_add_unit_offset)."""
    h, e, r = c["heads"], c["attn_dim_head"], c["rotary_emb_dim"]
    x = W["net.token_emb.emb.weight"][tok]; B, T, d = x.shape
    f = torch.arange(T).float()[:, None] * (1.0 / 10000 ** (torch.arange(0, r, 2).float() / r))[None]
    cs, sn = f.cos(), f.sin()
    def rope(t):
        u = t[..., :r].unflatten(-1, (-1, 2)); u = torch.stack((u[..., 0] * cs - u[..., 1] * sn, u[..., 1] * cs + u[..., 0] * sn), -1).flatten(-2)
        return torch.cat((u, t[..., r:]), -1)
    m = torch.ones(T, T).tril().bool()[None, None]
    if kv is not None: m = m & kv[:, None, None]
    for i in range(2 * c["depth"]):
        p = f"net.attn_layers.layers.{i}."
        y = F.layer_norm(x, (d,), eps=1e-5) * (W[p + "0.0.gamma"] + 1)
        if i % 2 == 0:
            q, k, v = ((y @ W[p + f"1.to_{n}.weight"].t()).view(B, T, h, e).transpose(1, 2) for n in "qkv")
            a = (rope(q) @ rope(k).transpose(-1, -2) / math.sqrt(e)).masked_fill(~m, float("-inf")).softmax(-1)
            x = x + (a @ v).transpose(1, 2).reshape(B, T, h * e) @ W[p + "1.to_out.weight"].t()
        else:
            x = x + F.linear(F.gelu(F.linear(y, W[p + "1.ff.0.0.weight"], W[p + "1.ff.0.0.bias"])), W[p + "1.ff.2.weight"], W[p + "1.ff.2.bias"])
    return F.layer_norm(x, (d,), eps=1e-5) * (W["net.attn_layers.final_norm.gamma"] + 1) @ W["net.to_logits.weight"].t()


def leaf(W): return {k: (v.clone().requires_grad_() if v.is_floating_point() else v) for k, v in W.items()}
def gdiff(W, G): return max(float(((W[k].grad if W[k].grad is not None else torch.zeros_like(G[k])) - G[k]).abs().max()) for k in G)


files = {}
for f in sorted(glob.glob(f"{root}/**/*", recursive=True)):
    if os.path.isfile(f) and "/make/" not in f and not f.endswith(".sh"):
        files[os.path.relpath(f, root)] = os.path.getsize(f)
        if f.endswith(".safetensors"):
            with safe_open(f, "pt") as s: [s.get_tensor(k) for k in s.keys()]
        if f.endswith(".json"): json.load(open(f, encoding="utf-8"))
print(len(files), "files reload,", sum(files.values()) / 1e6, "MB")

for rj in sorted(glob.glob(f"{root}/**/run.json", recursive=True)):
    d = os.path.dirname(rj); n = os.path.relpath(d, root); r = json.load(open(rj)); L = lambda x: load_file(f"{d}/{x}.safetensors")
    if "data_seed" in r.get("config", {}):                                   # modmul
        c = r["config"]; hc = c["hooked_transformer_config"]; p = c["p"]
        act = F.relu if hc["act_fn"] == "relu" else F.gelu
        for st in ("init", "final"):
            C = L("cache_" + st); lg, pt = hooked(L(st), C["tokens"], 1, hc["n_heads"], act)
            check(f"{n} logits {st}", float((lg - C["logits"]).abs().max()), 1e-4 if st == "final" else 1e-5); check(f"{n} pattern {st}", float((pt[0] - C["blocks.0.attn.hook_pattern"]).abs().max()), 1e-5)
        tri = L("split")["train_indices"]; tok = torch.stack([tri // p, tri % p, torch.full_like(tri, p)], 1); y = (tok[:, 0] * tok[:, 1] if c["op"] == "mul" else tok[:, 0] + tok[:, 1]) % p
        W = leaf(L("init")); l = F.cross_entropy(hooked(W, tok, 1, hc["n_heads"], act)[0][:, -1].double(), y); l.backward()
        check(f"{n} loss 0", abs(l.item() - r["train_losses"][0]), 1e-7); check(f"{n} gradients", gdiff(W, L("grads_epoch0")), 1e-7)
    elif "mask" in r and "spec" in r:                                        # listcopy
        S = r["spec"]; mask = torch.tensor([[float(v) if v != "-Infinity" else float("-inf") for v in row] for row in r["mask"]]); C = L("cache"); V = r["config"]["d_vocab"]
        lg, pt = hooked(L("final"), C["tokens"], S["layers"], r["config"]["n_heads"], None, mask)
        check(f"{n} logits final", float((lg - C["logits"]).abs().max()), 1e-4)
        check(f"{n} patterns", max(float((pt[l] - C[f"blocks.{l}.attn.hook_pattern"]).abs().max()) for l in range(S["layers"])), 1e-5)
        D = L("data"); N = r["config"]["digits"]; q = D["perm"][D["batches"][0]]; sep = torch.full_like(q, N)
        W = leaf(L("init")); out = hooked(W, torch.stack([q // N, q % N, sep, sep, sep], 1), S["layers"], r["config"]["n_heads"], None, mask)[0][:, 3:]
        l = F.cross_entropy(out.reshape(-1, V), torch.stack([q // N, q % N], 1).reshape(-1)); l.backward()
        check(f"{n} loss 0", abs(l.item() - r["losses"][0]), 2e-6); check(f"{n} gradients", gdiff(W, L("grads_step0")), 2e-6)
    elif "x_transformers" in r:
        Fw = L("forward"); W = leaf(L("init")); t = Fw["tokens"]; lg = xt(W, t[:, :-1], r["config"])
        check(f"{n} logits", float((lg[:2].detach() - Fw["logits_rows01"]).abs().max()), 1e-4)
        with torch.no_grad(): check(f"{n} masked logits", float((xt(L("init"), t[1:2, :-1], r["config"], Fw["kv_mask"][1:2])[0] - Fw["logits_masked_row1"][0]).abs().max()), 1e-4)
        l = F.cross_entropy(lg.transpose(1, 2), t[:, 1:]); l.backward(); check(f"{n} loss", abs(l.item() - r["loss_init"]), 2e-6); check(f"{n} gradients", gdiff(W, L("grads_unmasked")), 2e-6)
        g = r["generation"]["cases"][1]; T = L("trained"); seq = torch.tensor([list((g["prompt"] + g["generated_kv_cache"]).encode("latin-1"))])
        with torch.no_grad(): check(f"{n} greedy text disagreements", float((xt(T, seq[:, :-1], r["config"])[0].argmax(-1)[len(g["prompt"]) - 1:] != seq[0, len(g["prompt"]):]).sum()), 0)
    elif "task" in r and os.path.exists(f"{d}/init.safetensors"):
        b = L("batches"); W = leaf(L("init")); tok, y = b["tokens"][0].long(), b["labels"][0].long(); h, nl, D = r["heads"], r["layers"], r["dim"]
        x = W["token_embeddings.weight"][tok] + W["position_embeddings.weight"][:4]
        for i in range(nl):
            p = f"model.{i}."; q, k, v = (u.unflatten(-1, (h, -1)).transpose(1, 2) for u in F.linear(x, W[p + "self_attn.in_proj_weight"], W[p + "self_attn.in_proj_bias"]).chunk(3, -1))
            a = (q @ k.transpose(-1, -2) / math.sqrt(D // h)).masked_fill(~torch.ones(4, 4).tril().bool(), float("-inf")).softmax(-1)
            x = ln(x + F.linear((a @ v).transpose(1, 2).flatten(-2), W[p + "self_attn.out_proj.weight"], W[p + "self_attn.out_proj.bias"]), W[p + "self_attn_norm.weight"], W[p + "self_attn_norm.bias"])
            x = ln(x + F.linear(F.gelu(F.linear(x, W[p + "ffn.0.weight"], W[p + "ffn.0.bias"])), W[p + "ffn.2.weight"], W[p + "ffn.2.bias"]), W[p + "ffn_norm.weight"], W[p + "ffn_norm.bias"])
        lg = F.linear(ln(x, W[f"model.{nl}.weight"], W[f"model.{nl}.bias"]), W[f"model.{nl+1}.weight"], W[f"model.{nl+1}.bias"])[:, -1]
        l = F.cross_entropy(lg, y); l.backward()
        check(f"{n} logits", float((lg[:8].detach() - L("forward")["logits_last_position"]).abs().max()), 1e-5); check(f"{n} loss 0", abs(l.item() - r["loss"][0]), 2e-6); check(f"{n} gradients", gdiff(W, L("grads_step0")), 1e-6)
for f in sorted(glob.glob(f"{root}/**/sparsek.json", recursive=True)):
    for c in json.load(open(f))["cases"]:
        z, p, k = np.array(c["z"]), np.array(c["p"]), min(c["k"], len(c["z"]))
        lo, hi = c["tau_interval"]; t = hi if lo == "-Infinity" else lo
        check(f"sparsek {c['name']}", max(abs(p.sum() - k), float(np.abs(np.clip(z - t, 0, 1) - p).max())), 1e-8)
for f in sorted(glob.glob(f"{root}/**/encodings.json", recursive=True)):
    from tokenizers import Tokenizer
    T = Tokenizer.from_file(os.path.dirname(f) + "/tokenizer.json"); E = json.load(open(f))["encodings"]
    check("bpe", float(sum(T.encode(e["text"]).ids != e["ids"] for e in E)), 0)
for f in sorted(glob.glob(f"{root}/**/survival.json", recursive=True)):
    for n, s in json.load(open(f))["datasets"].items():                     # Kaplan-Meier by hand
        S, worst = 1.0, 0.0
        for r in s["kaplan_meier"]:
            at = sum(t >= r["time"] for t in s["time"]); dth = sum(t == r["time"] and o for t, o in zip(s["time"], s["observed"]))
            S *= 1 - dth / at; worst = max(worst, abs(S - r["survival"]), abs(at - r["at_risk"]) if r["time"] > 0 else 0)
        if worst > 1e-12: check(f"kaplan-meier {n}", worst, 1e-12)
print("FAILED" if bad else "all checks pass"); sys.exit(bool(bad))
