"""Family 7: real torch.save files (good and hostile), with what a reader must answer.

PYTHONPATH=<folder of TransformerLens 2.18> HF_HUB_OFFLINE=1 python pth.py --out DIR [--p 7 --seed 0 ...]
The hostile files are harmless here: their payload only creates an empty file named HOOKE_PWNED in the working directory.
"""
import argparse, collections, io, os, pickle, pickletools, random, struct, subprocess, sys, zipfile, zlib
from common import *
import numpy as np
import torch
from transformer_lens import HookedTransformer, HookedTransformerConfig

ap = argparse.ArgumentParser()
ap.add_argument("--out", required=True)
ap.add_argument("--p", type=int, default=7)
ap.add_argument("--d-model", type=int, default=8)
ap.add_argument("--d-mlp", type=int, default=16)
ap.add_argument("--heads", type=int, default=2)
ap.add_argument("--seed", type=int, default=999)
ap.add_argument("--every", type=int, default=10)
ap.add_argument("--payload", default="HOOKE_PWNED")
a = ap.parse_args()
root = outdir(a.out); good = outdir(f"{root}/good"); bad = outdir(f"{root}/hostile")
cases = []


def flat(o, pre="", t=None, s=None):
    """Split a loaded object into tensors (dotted names) and scalars."""
    t = {} if t is None else t; s = {} if s is None else s
    if isinstance(o, torch.Tensor):
        t[pre] = o
    elif isinstance(o, dict):
        for k, v in o.items():
            flat(v, f"{pre}/{k}" if pre else str(k), t, s)
    elif isinstance(o, (list, tuple)) and any(isinstance(v, (dict, torch.Tensor)) for v in o):
        for i, v in enumerate(o):
            flat(v, f"{pre}/{i}", t, s)
    elif isinstance(o, HookedTransformerConfig):
        s[pre] = {"__class__": f"{type(o).__module__}.{type(o).__qualname__}",
                  **{k: (v if isinstance(v, (int, float, str, bool, list, type(None))) else str(v)) for k, v in o.__dict__.items()}}
    else:
        s[pre] = list(o) if isinstance(o, tuple) else o
    return t, s


def pkl_of(path):
    with open(path, "rb") as f:
        head = f.read(4)
    if head == b"PK\x03\x04":
        z = zipfile.ZipFile(path)
        n = [x for x in z.namelist() if x.endswith("data.pkl")][0]
        return z.read(n)
    return None


def add_good(name, obj, note, weights_only=True, **kw):
    path = f"{good}/{name}"
    torch.save(obj, path, **kw)
    back = torch.load(path, map_location="cpu", weights_only=weights_only)
    t, s = flat(back)
    save(f"{good}/{name}.tensors.safetensors", t)
    g = None
    b = pkl_of(path)
    if b:
        g = sorted({x[1].replace(" ", ".") for x in pickletools.genops(b) if x[0].name == "GLOBAL"})
    cases.append({"file": f"good/{name}", "expect": "values", "tensors": f"good/{name}.tensors.safetensors",
                  "shapes": {k: [str(v.dtype)[6:], list(v.shape)] for k, v in t.items()}, "scalars": s, "globals": g, "note": note,
                  "torch_load_weights_only": weights_only})


# ---- good: the layout of the modular-multiplication model card -------------------------------------------------------------------
p = a.p
cfg = HookedTransformerConfig(n_layers=1, n_heads=a.heads, d_model=a.d_model, d_head=a.d_model // a.heads, d_mlp=a.d_mlp, act_fn="relu",
                              normalization_type=None, d_vocab=p + 1, d_vocab_out=p, n_ctx=3, init_weights=True, device="cpu", seed=a.seed)
m = HookedTransformer(cfg)
for n, q in m.named_parameters():
    if "b_" in n:
        q.requires_grad = False
av = torch.arange(p).repeat_interleave(p); bv = torch.arange(p).repeat(p)
data = torch.stack([av, bv, torch.full_like(av, p)], 1); lab = av * bv % p
torch.manual_seed(598)
idx = torch.randperm(p * p); cut = int(p * p * .3)
tr, te = idx[:cut], idx[cut:]
opt = torch.optim.AdamW(m.parameters(), lr=1e-3, weight_decay=1.0, betas=(.9, .98))
ck, ce, H = [], [], {k: [] for k in ("train_losses", "test_losses", "train_accs", "test_accs")}


def la(i):
    lg = m(data[i])[:, -1].double()
    return torch.nn.functional.cross_entropy(lg, lab[i]), (lg.argmax(-1) == lab[i]).float().mean().item()


for e in range(3 * a.every):
    l, ac = la(tr)
    with torch.no_grad():
        tl, tac = la(te)
    H["train_losses"].append(l.item()); H["test_losses"].append(tl.item()); H["train_accs"].append(ac); H["test_accs"].append(tac)
    if e % a.every == 0:
        ck.append({k: v.clone() for k, v in m.state_dict().items()}); ce.append(e)
    l.backward(); opt.step(); opt.zero_grad()
ckpt = {"model": m.state_dict(), "config": m.cfg, "checkpoints": ck, "checkpoint_epochs": ce, **H, "train_indices": tr, "test_indices": te}
add_good("mod_mult_mini.pth", ckpt, "layout of the modular-multiplication model card: config is a pickled transformer_lens HookedTransformerConfig object; torch.load(weights_only=True) refuses it, so the reader must "
         "rebuild that one class as inert data (field map). `model` is an OrderedDict with `_metadata`; train_indices and test_indices SHARE one storage (views of one randperm). The config also pulls in numpy._core.multiarray.scalar, numpy.dtype and _codecs.encode, because initializer_range is a numpy.float64.", weights_only=False)
with torch.no_grad():
    lg = m(data)
save(f"{good}/mod_mult_mini.logits.safetensors", {"tokens": data, "labels": lab, "logits": lg})
add_good("mod_mult_mini.legacy.pth", ckpt, "the same, legacy (non-zip) format", weights_only=False, _use_new_zipfile_serialization=False)

# saved on a GPU: location tag cuda:0 in every storage's persistent id
orig = torch.serialization.location_tag
torch.serialization.location_tag = lambda s: "cuda:0"
try:
    torch.save({k: v for k, v in ckpt.items()}, f"{good}/mod_mult_mini.cuda0.pth")
finally:
    torch.serialization.location_tag = orig
assert b"cuda:0" in pkl_of(f"{good}/mod_mult_mini.cuda0.pth")
t, s = flat(torch.load(f"{good}/mod_mult_mini.cuda0.pth", map_location="cpu", weights_only=False))
cases.append({"file": "good/mod_mult_mini.cuda0.pth", "expect": "values", "tensors": "good/mod_mult_mini.pth.tensors.safetensors", "scalars": s,
              "note": "the same saved from cuda:0 (location tag in the persistent ids); must load on a machine without CUDA"})

# saved under numpy 1.x: initializer_range of the config is a numpy scalar, pickled through numpy.core (no underscore)
src = zipfile.ZipFile(f"{good}/mod_mult_mini.pth")
with zipfile.ZipFile(f"{good}/mod_mult_mini.numpy1.pth", "w", zipfile.ZIP_STORED) as z:
    for n_ in src.namelist():
        b_ = src.read(n_)
        if n_.endswith("data.pkl"):
            assert b"numpy._core.multiarray" in b_; b_ = b_.replace(b"numpy._core.multiarray", b"numpy.core.multiarray")
        z.writestr(n_, b_)
t, s = flat(torch.load(f"{good}/mod_mult_mini.numpy1.pth", map_location="cpu", weights_only=False))
cases.append({"file": "good/mod_mult_mini.numpy1.pth", "expect": "values", "tensors": "good/mod_mult_mini.pth.tensors.safetensors", "scalars": s,
              "note": "as written under numpy 1.x: config.initializer_range (0.8/np.sqrt(d_model), a numpy.float64) goes through numpy.core.multiarray.scalar instead of numpy._core.multiarray.scalar"})

# ---- good: state dict, dtypes, views -----------------------------------------------------------
add_good("state_dict.pth", m.state_dict(), "plain state_dict (OrderedDict with _metadata)")
add_good("state_dict.protocol4.pth", m.state_dict(), "pickle protocol 4 (FRAME, SHORT_BINUNICODE, MEMOIZE, STACK_GLOBAL): torch.load(weights_only=True) itself refuses it (Unsupported operand 149); values, or a refusal that names the protocol", weights_only=False, pickle_protocol=4)
g = torch.Generator().manual_seed(a.seed)
base = torch.randn(6, 5, generator=g)
big = torch.arange(20, dtype=torch.float32) + a.seed % 7
dt = collections.OrderedDict()
for d in (torch.float64, torch.float32, torch.float16, torch.bfloat16):
    dt[str(d)[6:]] = torch.cat([torch.randn(5, generator=g, dtype=torch.float64).to(d), torch.tensor([0.0, -0.0, float("inf"), float("-inf"), 65504.0, 1e-7]).to(d)])
for d in (torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8):
    ii = torch.iinfo(d); dt[str(d)[6:]] = torch.tensor([ii.min, ii.max, 0, 1, 42], dtype=d)
dt["bool"] = torch.tensor([True, False, True]); dt["nan"] = torch.tensor([float("nan"), 1.0])
add_good("dtypes.pth", dt, "every common dtype with extremes; -0.0, infinities, NaN kept bit for bit")
add_good("dtypes.legacy.pth", dt, "the same, legacy (non-zip) format", _use_new_zipfile_serialization=False)
views = {"transposed": base.t(), "row": base[2], "column": base[:, 3], "strided": base[::2, ::2], "whole": base, "expanded": torch.tensor([1.0, 2.0, 3.0]).expand(4, 3),
         "offset": big[7:12], "again": big[7:12], "zero_size": torch.zeros(0), "zero_size_2d": torch.zeros(3, 0, 2), "scalar": torch.tensor(3.25), "scalar_int": torch.tensor(-7),
         "parameter": torch.nn.Parameter(base.clone()), "requires_grad": base.clone().requires_grad_(), "flipped_copy": base.flip(0)}
add_good("views.pth", views, "non-contiguous, shared storages (transposed/row/column/strided/whole are one storage; offset and again too), zero-size, 0-dim, Parameter")
add_good("views.legacy.pth", views, "the same, legacy format", _use_new_zipfile_serialization=False)
add_good("containers.pth", {"ints": [0, -1, 255, 256, 65536, 2**31, -2**31 - 1, 2**63 - 1, 2**70], "floats": [0.0, -1.5, 1e300, float("inf")], "text": ["", "é", "日本", "😀", "x" * 300],
                            "nested": {"tuple": (1, (2, (3,))), "none": None, "true": True, "list": [[], [[]], {}]}, "bytes_len": len(b"abc"), 5: "integer key"},
         "python scalars and containers; 2**70 does not fit 64 bits: either a big integer or a clear refusal naming it; one dict key is an integer")
opt_sd = opt.state_dict()
add_good("optimizer.pth", opt_sd, "AdamW.state_dict(): integer keys in state, param_groups, 0-dim float step")
try:
    add_good("numpy_scalars.pth", {"acc": [np.float64(0.5), np.float64(0.25)]}, "numpy scalars (numpy multiarray.scalar): the floats, or a refusal that names that global", weights_only=False)
except Exception as e:
    print("numpy", e)

# ---- hostile -----------------------------------------------------------------------------------
CMD = f"touch {a.payload}"


ALSO_OK = {"huge.memo_index.pth", "bomb.deflated.pth", "bomb.nested_lists.pth", "bomb.shared_lists.pth", "cyclic_list.pth", "protocol_99.pth", "traversal.dotdot.pth", "traversal.absolute.pth"}


def add_bad(name, raw, reason, note="", peer=True):
    with open(f"{bad}/{name}", "wb") as f:
        f.write(raw)
    cases.append({"file": f"hostile/{name}", "expect": "refuse", "reason": reason, "note": note, "bytes": len(raw),
                  "also_ok": "loading it in bounded time and memory, writing nothing" if name in ALSO_OK else None, "_peer": peer})


def archive(pkl, records=None, prefix="archive", extra=None, compress=zipfile.ZIP_STORED):
    b = io.BytesIO()
    with zipfile.ZipFile(b, "w", compress) as z:
        if pkl is not None:
            z.writestr(f"{prefix}/data.pkl", pkl)
        z.writestr(f"{prefix}/byteorder", "little")
        for k, v in (records or {}).items():
            z.writestr(f"{prefix}/data/{k}", v)
        z.writestr(f"{prefix}/version", "3\n")
        for k, v in (extra or []):
            z.writestr(k, v)
    return b.getvalue()


def uni(s):
    s = s.encode(); return b"X" + struct.pack("<I", len(s)) + s


def num(n):
    if 0 <= n < 256: return b"K" + bytes([n])
    if -2**31 <= n < 2**31: return b"J" + struct.pack("<i", n)
    r = pickle.encode_long(n); return b"\x8a" + bytes([len(r)]) + r


def tup(*xs): return b"(" + b"".join(xs) + b"t"


def tensor_pkl(numel, offset, size, stride, key="0", storage=b"ctorch\nFloatStorage\n", tag="storage"):
    pid = tup(uni(tag), storage, uni(key), uni("cpu"), num(numel)) + b"Q"
    args = tup(pid, num(offset), tup(*map(num, size)), tup(*map(num, stride)), b"\x89", b"ccollections\nOrderedDict\n)R")
    return b"\x80\x02}" + uni("w") + b"ctorch._utils\n_rebuild_tensor_v2\n" + args + b"Rs."


four = np.arange(4, dtype="<f4").tobytes()
ok = archive(tensor_pkl(4, 0, (2, 2), (2, 1)), {"0": four})
assert torch.equal(torch.load(io.BytesIO(ok), weights_only=True)["w"], torch.arange(4.).view(2, 2))
with open(f"{good}/handmade.pth", "wb") as f: f.write(ok)
save(f"{good}/handmade.pth.tensors.safetensors", {"w": torch.arange(4.).view(2, 2)})
cases.append({"file": "good/handmade.pth", "expect": "values", "tensors": "good/handmade.pth.tensors.safetensors", "scalars": {},
              "note": "the hand-written archive all tensor attacks below are variations of: it must LOAD, else the refusals prove nothing"})


class Evil:
    def __init__(self, f, *x): self.f, self.x = f, x
    def __reduce__(self): return self.f, self.x


CODE = "runs code"
add_bad("os_system.zip.pth", archive(f"cposix\nsystem\n(V{CMD}\ntR.".encode()), CODE, "data.pkl = GLOBAL posix.system, REDUCE")
add_bad("os_system.raw.pth", f"cos\nsystem\n(V{CMD}\ntR.".encode(), CODE, "no zip at all: a bare pickle (legacy reader path)")
add_bad("os_system.inst.pth", archive(f"(V{CMD}\nios\nsystem\n.".encode()), CODE, "old INST opcode instead of GLOBAL+REDUCE")
add_bad("os_system.obj.pth", archive(b"(cos\nsystem\n" + uni(CMD) + b"o."), CODE, "OBJ opcode")
add_bad("os_system.stack_global.pth", archive(b"\x80\x04\x8c\x02os\x8c\x06system\x93" + b"\x8c" + bytes([len(CMD)]) + CMD.encode() + b"\x85R."), CODE, "protocol 4 STACK_GLOBAL")
add_bad("os_system.newobj.pth", archive(b"\x80\x02csubprocess\nPopen\n(" + uni(CMD) + b"t\x81."), CODE, "NEWOBJ of subprocess.Popen")
add_bad("os_system.extension.pth", archive(b"\x80\x02\x82\x01."), "unknown opcode use", "EXT1 extension registry code")
for nm, obj in (("eval", Evil(eval, f"__import__('os').system('{CMD}')")), ("exec", Evil(exec, f"import os; os.system('{CMD}')")), ("getattr", Evil(getattr, "x", "__class__"))):
    b = io.BytesIO(); torch.save({"model": m.state_dict(), "config": obj}, b)
    add_bad(f"in_checkpoint.{nm}.pth", b.getvalue(), CODE, f"a real torch.save file of a normal checkpoint whose `config` is builtins.{nm}(...): tensors are fine, the file is not")
add_bad("storage_class.pth", archive(tensor_pkl(4, 0, (2, 2), (2, 1), storage=b"cos\nsystem\n"), {"0": four}), "storage type is not a storage", "os.system in the place of the storage class")
add_bad("rebuild_from_other_module.pth", archive(tensor_pkl(4, 0, (2, 2), (2, 1)).replace(b"ctorch._utils\n_rebuild_tensor_v2", b"ctorch._utils_evil\n_rebuild_tensor_v2"), {"0": four}), "global not on the list", "module name that only begins like torch._utils")
add_bad("dotted_global.pth", archive(b"\x80\x04\x8c\x05torch\x8c\x13serialization.os.system\x93." .replace(b"\x8c\x13", b"\x8c" + bytes([len("serialization.os.system")]))), "global not on the list", "dotted attribute path below an allowed module")
add_bad("build_on_config.pth", archive(b"\x80\x02ctransformer_lens.HookedTransformerConfig\nHookedTransformerConfig\n)\x81}" + uni("__class__") + b"cos\nsystem\nsb."), CODE, "the allowed config class, with os.system among its field values")
add_bad("unknown_persistent.pth", archive(tensor_pkl(4, 0, (2, 2), (2, 1), tag="shellcode"), {"0": four}), "persistent id that is not a storage")

HUGE = "declares a size that the file cannot hold"
add_bad("huge.binunicode8.pth", archive(b"\x80\x04\x8d" + struct.pack("<Q", 1 << 62) + b"abc."), HUGE, "BINUNICODE8 of 2^62 bytes: no allocation before the bound check")
add_bad("huge.binunicode.pth", archive(b"\x80\x02X" + struct.pack("<I", 0xFFFFFFF0) + b"abc."), HUGE, "BINUNICODE of 4 GiB (a signed reader sees a negative length)")
add_bad("huge.bytearray8.pth", archive(b"\x80\x05\x96" + struct.pack("<Q", 1 << 40) + b"abc."), HUGE, "BYTEARRAY8 of 1 TiB")
add_bad("huge.long4.pth", archive(b"\x80\x02\x8b" + struct.pack("<i", 0x7FFFFFFF) + b"\x01."), HUGE, "LONG4 of 2 GiB")
add_bad("huge.long4_negative.pth", archive(b"\x80\x02\x8b" + struct.pack("<i", -5) + b"\x01."), "negative length", "LONG4 with a negative count")
add_bad("huge.frame.pth", archive(b"\x80\x04\x95" + struct.pack("<Q", 1 << 63) + b"N."), HUGE, "FRAME of 2^63")
add_bad("huge.memo_index.pth", archive(b"\x80\x02Nr" + struct.pack("<I", 0xFFFFFFFF) + b"."), "memo index out of all proportion", "LONG_BINPUT 2^32-1: loading None in bounded memory (a map, as torch does) is as good as a refusal; growing an array to it is not")
add_bad("huge.tensor_size.pth", archive(tensor_pkl(4, 0, (1 << 20, 1 << 20), (1 << 20, 1)), {"0": four}), "tensor reaches outside its storage", "4 floats, size 2^20 x 2^20")
add_bad("huge.tensor_overflow.pth", archive(tensor_pkl(4, 0, (1 << 32, 1 << 32), (1 << 32, 1)), {"0": four}), "tensor reaches outside its storage", "element count overflows 64 bits to 0")
add_bad("huge.storage_numel.pth", archive(tensor_pkl(1 << 40, 0, (2, 2), (2, 1)), {"0": four}), "storage declares more than its record holds", "numel 2^40 in the persistent id, record has 16 bytes")
add_bad("tensor.offset.pth", archive(tensor_pkl(4, 3, (2, 2), (2, 1)), {"0": four}), "tensor reaches outside its storage", "offset 3 + 4 elements of 4")
add_bad("tensor.negative_offset.pth", archive(tensor_pkl(4, -1, (2, 2), (2, 1)), {"0": four}), "negative offset")
add_bad("tensor.negative_size.pth", archive(tensor_pkl(4, 0, (-2, 2), (2, 1)), {"0": four}), "negative size")
add_bad("tensor.negative_stride.pth", archive(tensor_pkl(4, 3, (2, 2), (-2, -1)), {"0": four}), "negative stride")
add_bad("tensor.stride_rank.pth", archive(tensor_pkl(4, 0, (2, 2), (1,)), {"0": four}), "sizes and strides differ in length")
add_bad("tensor.short_record.pth", archive(tensor_pkl(4, 0, (2, 2), (2, 1)), {"0": four[:7]}), "record shorter than the storage", "7 bytes for 4 floats")
add_bad("tensor.missing_record.pth", archive(tensor_pkl(4, 0, (2, 2), (2, 1), key="7"), {"0": four}), "storage record missing")
add_bad("tensor.key_traversal.pth", archive(tensor_pkl(4, 0, (2, 2), (2, 1), key="../../../etc/passwd"), {"0": four}), "storage key is a path")

real = open(f"{good}/state_dict.pth", "rb").read()
add_bad("truncated.half.pth", real[:len(real) // 2], "truncated zip")
add_bad("truncated.tail.pth", real[:-40], "truncated zip", "end-of-central-directory record cut")
add_bad("truncated.legacy.pth", open(f"{good}/dtypes.legacy.pth", "rb").read()[:-9], "truncated legacy file", "the last storage's bytes are cut")
add_bad("crc.pth", (lambda b: b[:b.index(four)] + b"\xff" + b[b.index(four) + 1:])(ok), "CRC of a record does not match", "torch itself does not check it here; we want it checked")
add_bad("empty.pth", b"", "empty file")
add_bad("noise.pth", random.Random(a.seed).randbytes(4096), "neither a zip nor a pickle")
add_bad("text.pth", b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 90000000\n", "git-lfs pointer, not the file", "worth a message of its own")
add_bad("no_data_pkl.pth", archive(None, {"0": four}), "no data.pkl")
add_bad("duplicate_data_pkl.pth", archive(tensor_pkl(4, 0, (2, 2), (2, 1)), {"0": four}, extra=[("archive/data.pkl", f"cos\nsystem\n(V{CMD}\ntR.".encode())]), "two entries with one name", "readers differ on which one counts")
add_bad("traversal.dotdot.pth", archive(tensor_pkl(4, 0, (2, 2), (2, 1)), {"0": four}, extra=[("../../HOOKE_ESCAPED", b"x")]), "entry name leaves the archive", "or ignore the entry; nothing may be written outside")
add_bad("traversal.absolute.pth", archive(tensor_pkl(4, 0, (2, 2), (2, 1)), {"0": four}, extra=[("/tmp/HOOKE_ESCAPED", b"x")]), "entry name is absolute", "or ignore the entry; nothing may be written outside")
add_bad("traversal.prefix.pth", archive(tensor_pkl(4, 0, (2, 2), (2, 1)), {"0": four}, prefix="../archive"), "entry name leaves the archive")

# zip bombs
zeros = bytes(64 << 20)
add_bad("bomb.deflated.pth", archive(tensor_pkl(16 << 20, 0, (16 << 20,), (1,)), {"0": zeros}, compress=zipfile.ZIP_DEFLATED), "compressed entry", "torch.save stores, never deflates: 64 MiB of zeros in 64 KiB; accepting it is acceptable only under a stated limit")
comp = zlib.compressobj(9, zlib.DEFLATED, -15)
body = comp.compress(zeros) + comp.flush()
pk = tensor_pkl(4, 0, (2, 2), (2, 1))


def raw_zip(entries):
    """entries: (name, method, data bytes as stored, declared crc, declared size[, reuse offset])"""
    b, cd, off = b"", b"", {}
    for n, meth, d, crc, size, *same in entries:
        n = n.encode()
        o = off[same[0]] if same else len(b)
        if not same:
            off[n.decode()] = o
            b += struct.pack("<IHHHHHIIIHH", 0x04034b50, 20, 0, meth, 0, 0x21, crc, len(d), size, len(n), 0) + n + d
        cd += struct.pack("<IHHHHHHIIIHHHHHII", 0x02014b50, 20, 20, 0, meth, 0, 0x21, crc, len(d), size, len(n), 0, 0, 0, 0, 0, o) + n
    return b + cd + struct.pack("<IHHHHIIH", 0x06054b50, 0, 0, len(entries), len(entries), len(cd), len(b), 0)


st = lambda n, d: (n, 0, d, zlib.crc32(d), len(d))
chk = raw_zip([st("archive/data.pkl", pk), st("archive/byteorder", b"little"), st("archive/data/0", four), st("archive/version", b"3\n")])
assert torch.equal(torch.load(io.BytesIO(chk), weights_only=True)["w"], torch.arange(4.).view(2, 2))
add_bad("bomb.declared_small.pth", raw_zip([st("archive/data.pkl", pk), st("archive/byteorder", b"little"), ("archive/data/0", 8, body, zlib.crc32(zeros), 16), st("archive/version", b"3\n")]),
        "entry inflates beyond its declared size", "declares 16 bytes, inflates to 64 MiB; stop at the declared size")
add_bad("bomb.declared_huge.pth", raw_zip([st("archive/data.pkl", pk), st("archive/byteorder", b"little"), ("archive/data/0", 0, four, zlib.crc32(four), 0xFFFFFFF0), st("archive/version", b"3\n")]),
        "stored entry whose sizes disagree", "compressed 16, uncompressed 4 GiB")
add_bad("bomb.overlap.pth", raw_zip([st("archive/data.pkl", pk), st("archive/byteorder", b"little"), st("archive/data/0", four)] + [(f"archive/data/{i}", 0, four, zlib.crc32(four), 16, "archive/data/0") for i in range(1, 2000)]),
        "entries overlap", "2,000 central entries over one record")
add_bad("bomb.nested_lists.pth", archive(b"\x80\x02" + b"(" * 0 + b"]" * 200000 + b"a" * 199999 + b"."), "nesting deeper than any checkpoint's", "200,000 nested lists: no StackOverflowError")
laughs = b"\x80\x02](K\x01K\x01eq\x000"
for i in range(1, 40):
    laughs += b"](" + b"h" + bytes([i - 1]) + b"h" + bytes([i - 1]) + b"e" + b"q" + bytes([i]) + b"0"
add_bad("bomb.shared_lists.pth", archive(laughs + b"h\x27."), "shared lists that unfold to 2^40 elements", "loading them by reference is fine; copying, printing or converting is not")
add_bad("cyclic_list.pth", archive(b"\x80\x02]q\x00h\x00a."), "a list that contains itself")
add_bad("stack_underflow.pth", archive(b"\x80\x02R."), "stack underflow")
add_bad("no_stop.pth", archive(b"\x80\x02}"), "pickle without STOP")
add_bad("bad_opcode.pth", archive(b"\x80\x02\xff."), "unknown opcode")
add_bad("missing_memo.pth", archive(b"\x80\x02h\x05."), "memo entry never written")
add_bad("protocol_99.pth", archive(b"\x80\x63N."), "unknown pickle protocol")
add_bad("setitem_on_none.pth", archive(b"\x80\x02N" + uni("a") + b"K\x01s."), "SETITEM on something that is no dict")
add_bad("unhashable_key.pth", archive(b"\x80\x02}]K\x01s."), "a list as dict key")
try:
    sm = torch.jit.trace(torch.nn.Linear(2, 2), torch.zeros(1, 2)); b = io.BytesIO(); torch.jit.save(sm, b)
    add_bad("torchscript.pth", b.getvalue(), "TorchScript archive, not a checkpoint", "has code/ and constants.pkl: say so")
except Exception as e:
    print("torchscript", e)

# ---- what torch itself says (weights_only=True, 8 GB, 20 s) --------------------------------------
probe = r"""
import sys, resource, torch
resource.setrlimit(resource.RLIMIT_AS, (24 << 30, 24 << 30))
for f in sys.argv[1:]:
    try:
        r = torch.load(f, map_location="cpu", weights_only=True); print("@@", f, "loads", type(r).__name__, flush=True)
    except BaseException as e:
        print("@@", f, type(e).__name__, (str(e).strip().splitlines() or [""])[0][:160], flush=True)
"""
names = [c["file"] for c in cases if c["expect"] == "refuse"]
left = list(names); said = {}
while left:
    try:
        r = subprocess.run([sys.executable, "-c", probe] + [f"{root}/{n}" for n in left], capture_output=True, text=True, timeout=240, cwd=root)
        o = r.stdout
    except subprocess.TimeoutExpired as e:
        o = (e.stdout or b"").decode(); r = None
    for l in o.splitlines():
        if l.startswith("@@ "):
            _, f, *rest = l.split(" ", 2); said[os.path.relpath(f, root)] = rest[0]
    rem = [n for n in left if n not in said]
    if rem and (r is None or len(rem) == len(left) or r.returncode != 0):
        said[rem[0]] = "process died" if r is not None else "no answer"
        rem = rem[1:]
    left = rem
for c in cases:
    if c["expect"] == "refuse":
        c.pop("_peer", None); c["torch_load_weights_only_says"] = said.get(c["file"])
assert not os.path.exists(f"{root}/{a.payload}") and not os.path.exists(a.payload), "payload ran"
jsave(f"{root}/cases.json", {"versions": versions("safetensors"), "transformer_lens": "2.18.0", "command": cmdline(), "payload_file_that_must_not_appear": a.payload, "cases": cases})
nl = [c["file"] for c in cases if c["expect"] == "refuse" and (c["torch_load_weights_only_says"] or "").startswith("loads")]
readme(root, f"""# {os.path.basename(root)}: torch.save files, good and hostile
Made by torch {torch.__version__} and transformer_lens 2.18.0. Command: `{cmdline()}`

- `cases.json`: for each file `expect` = `values` (then `tensors` names a safetensors file with the exact values under slash-joined key paths, `scalars` all the rest, `globals` every class the pickle names)
  or `refuse` (with the reason; `also_ok` names the few where a bounded, harmless load is as good; `torch_load_weights_only_says` = what torch itself answers).
- Tensors must be equal bit for bit (no tolerance). `good/mod_mult_mini.logits.safetensors`: tokens, labels and logits of the final model on all {p*p} pairs (tolerance 1e-6).
- `good/`: the model card's checkpoint layout in small (zip, legacy, saved-on-cuda), state_dict, dtypes, views, containers, optimizer state, numpy scalars, one hand-made archive.
- `hostile/`: a reader must refuse with an error naming the file and the cause, quickly, in bounded memory (say 256 MB), with nothing run and nothing written. `{a.payload}` must never appear.
- torch itself loads these without complaint (so "refuse" is our stricter rule, see each note): {', '.join(nl) or 'none'}.
""")
print(len(cases), "cases")
for c in cases:
    if c["expect"] == "refuse": print(f"{c['file']:45s} {c['bytes']:8d} {c['torch_load_weights_only_says']}")
