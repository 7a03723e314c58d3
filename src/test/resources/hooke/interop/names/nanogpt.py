# A decoder in nanoGPT's layout, written with torch's modules; what its names and numbers are.
import sys, torch, torch.nn as nn, torch.nn.functional as F
V, T, D, H, L = 12, 5, 8, 2, 2
class Attn(nn.Module):
    def __init__(s):
        super().__init__(); s.c_attn = nn.Linear(D, 3 * D); s.c_proj = nn.Linear(D, D)
    def forward(s, x):
        B, N, _ = x.shape
        q, k, v = [t.view(B, N, H, D // H).transpose(1, 2) for t in s.c_attn(x).split(D, 2)]
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return s.c_proj(y.transpose(1, 2).reshape(B, N, D))
class Mlp(nn.Module):
    def __init__(s):
        super().__init__(); s.c_fc = nn.Linear(D, 4 * D); s.c_proj = nn.Linear(4 * D, D)
    def forward(s, x): return s.c_proj(F.gelu(s.c_fc(x)))
class Block(nn.Module):
    def __init__(s):
        super().__init__(); s.ln_1 = nn.LayerNorm(D); s.attn = Attn(); s.ln_2 = nn.LayerNorm(D); s.mlp = Mlp()
    def forward(s, x):
        x = x + s.attn(s.ln_1(x)); return x + s.mlp(s.ln_2(x))
class Net(nn.Module):
    def __init__(s):
        super().__init__()
        s.transformer = nn.ModuleDict(dict(wte=nn.Embedding(V, D), wpe=nn.Embedding(T, D), h=nn.ModuleList([Block() for _ in range(L)]), ln_f=nn.LayerNorm(D)))
        s.lm_head = nn.Linear(D, V, bias=False); s.transformer.wte.weight = s.lm_head.weight
    def forward(s, i):
        x = s.transformer.wte(i) + s.transformer.wpe(torch.arange(i.shape[1]))
        for b in s.transformer.h: x = b(x)
        return s.lm_head(s.transformer.ln_f(x))
torch.manual_seed(5); net = Net()
with torch.no_grad():
    for p in net.parameters(): p.copy_(torch.randn_like(p) * .4)
    i = torch.randint(0, V, (3, T)); y = net(i)
if len(sys.argv) > 2:
    net.load_state_dict(torch.load(sys.argv[2], weights_only=True)); assert torch.equal(net(i), y); print("equal")
else:
    torch.save({"model": net.state_dict(), "iter_num": 7, "tokens": i, "logits": y}, sys.argv[1])
