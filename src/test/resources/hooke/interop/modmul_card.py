# The usage code of the model card of modular multiplication, word for word.
import torch
from transformer_lens import HookedTransformer

checkpoint = torch.load("mod_mult_grokking.pth", map_location="cpu")
model = HookedTransformer(checkpoint["config"])
model.load_state_dict(checkpoint["model"])
model.eval()

# Compute 7 * 16 mod 113 = 112
a, b = 7, 16
separator = 113  # "=" token
input_tokens = torch.tensor([[a, b, separator]])
logits = model(input_tokens)
prediction = logits[0, -1].argmax().item()
print(f"{a} * {b} mod 113 = {prediction}")  # 112
