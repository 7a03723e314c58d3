package hooke.tensor;

import hooke.Check;
import org.bytedeco.pytorch.global.torch;

/** Where tensors live and are computed. */
public enum Device {
    CPU,
    CUDA;

    /** Throws a sentence for people unless this build and this machine have the device. */
    public Device checkAvailable() {
        Libtorch.load();
        Check.that(
                this != CUDA || torch.hasCUDA(),
                "device cuda: this build of Hooke or this machine has no NVIDIA GPU support; use device cpu, or build with"
                        + " -Pcuda on a machine with a GPU");
        return this;
    }

    org.bytedeco.pytorch.Device handle() {
        return new org.bytedeco.pytorch.Device(
                switch (this) {
                    case CPU -> "cpu";
                    case CUDA -> "cuda";
                });
    }
}
