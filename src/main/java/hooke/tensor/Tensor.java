package hooke.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * An array of numbers with a shape, in native memory, on which libtorch computes and records for a backward pass. It belongs to the
 * {@link Scope} that was innermost when it was made; using it afterwards, or on another thread, is an {@link IllegalStateException}.
 *
 * <p>Operations are named as in PyTorch where Java has no word of its own, return new tensors, and take negative dimensions as counted
 * from the end. Those that end in {@code InPlace} change their receiver, are never recorded, and make nothing.
 *
 * <p>The file is long, but has one idea: some ninety operations of a value, three lines each, under the headings below. To spread them over
 * classes would only make a reader look in two places for {@code x.plus(y)} and {@code x.softmax(-1)}.
 */
public final class Tensor {
    private final org.bytedeco.pytorch.Tensor handle;
    private Scope scope;
    int slot;

    private Tensor(org.bytedeco.pytorch.Tensor handle) {
        this.handle = handle;
        this.scope = Scope.innermost();
        scope.own(this);
    }

    static Tensor own(org.bytedeco.pytorch.Tensor handle) {
        return new Tensor(handle);
    }

    org.bytedeco.pytorch.Tensor handle() {
        scope.check();
        return handle;
    }

    void free() {
        handle.close();
    }

    /** Moves this tensor to another open scope of the same thread, usually one further out, so that it outlives its own. */
    public Tensor keepIn(Scope other) {
        other.check();
        scope.disown(this);
        other.own(this);
        scope = other;
        return this;
    }

    // Making tensors

    /** All zero. */
    public static Tensor zeros(DType dtype, long... shape) {
        return zeros(Device.CPU, dtype, shape);
    }

    /** All zero, on a device. */
    public static Tensor zeros(Device device, DType dtype, long... shape) {
        Libtorch.load();
        try (var type = new TensorOptions(Libtorch.scalarType(dtype));
                var where = device.handle();
                var optional = new DeviceOptional(where);
                var options = type.device(optional)) {
            return own(torch.zeros(shape, options));
        }
    }

    /** Of whatever values the memory holds, for someone who writes all of them. */
    public static Tensor empty(Device device, DType dtype, long... shape) {
        Libtorch.load();
        try (var type = new TensorOptions(Libtorch.scalarType(dtype));
                var where = device.handle();
                var optional = new DeviceOptional(where);
                var options = type.device(optional);
                var layout = new MemoryFormatOptional()) {
            return own(torch.empty(shape, options, layout));
        }
    }

    /** All one. */
    public static Tensor ones(DType dtype, long... shape) {
        Tensor tensor = zeros(dtype, shape);
        try (var one = new Scalar(1)) {
            tensor.handle().fill_(one);
        }
        return tensor;
    }

    /** Of these values, in row-major order. */
    public static Tensor of(float[] values, long... shape) {
        return of(DType.F32, MemorySegment.ofArray(values), shape);
    }

    /** Of these values, in row-major order. */
    public static Tensor of(double[] values, long... shape) {
        return of(DType.F64, MemorySegment.ofArray(values), shape);
    }

    /** Of these values as 64-bit integers, in row-major order. */
    public static Tensor of(int[] values, long... shape) {
        return of(
                DType.I64,
                MemorySegment.ofArray(Arrays.stream(values).asLongStream().toArray()),
                shape);
    }

    /** A copy of a tensor that lies elsewhere in memory. */
    public static Tensor of(RawTensor raw) {
        return of(
                raw.dtype(),
                raw.data(),
                raw.shape().stream().mapToLong(Long::longValue).toArray());
    }

    /** A copy of values as they lie in memory, row-major. */
    public static Tensor of(DType dtype, MemorySegment values, long... shape) {
        Tensor tensor = zeros(dtype, shape);
        tensor.segment().copyFrom(values);
        return tensor;
    }

    /** The matrix with ones on its diagonal. */
    public static Tensor eye(DType dtype, long rows, long columns) {
        Libtorch.load();
        try (var options = new TensorOptions(Libtorch.scalarType(dtype))) {
            return own(torch.eye(rows, columns, options));
        }
    }

    /** Side by side along an existing dimension. */
    public static Tensor cat(int dim, List<Tensor> tensors) {
        try (var vector = vector(tensors)) {
            return own(torch.cat(vector, dim));
        }
    }

    /** Side by side along a new dimension. */
    public static Tensor stack(int dim, List<Tensor> tensors) {
        try (var vector = vector(tensors)) {
            return own(torch.stack(vector, dim));
        }
    }

    private static TensorVector vector(List<Tensor> tensors) {
        return new TensorVector(tensors.stream().map(Tensor::handle).toArray(org.bytedeco.pytorch.Tensor[]::new));
    }

    // What it is

    public long[] shape() {
        long[] shape = new long[(int) handle().dim()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = handle.size(i);
        }
        return shape;
    }

    public long size(int dim) {
        return handle().size(dim);
    }

    /** Number of values. */
    public long numel() {
        return handle().numel();
    }

    public DType dtype() {
        return Libtorch.dtype(handle().scalar_type());
    }

    public Device device() {
        return handle().is_cuda() ? Device.CUDA : Device.CPU;
    }

    // Other views of the same values

    public Tensor view(long... shape) {
        return own(handle().view(shape));
    }

    /** A view where the layout allows it, otherwise a copy. */
    public Tensor reshape(long... shape) {
        return own(handle().reshape(shape));
    }

    /** The length entries of a dimension that begin at start. */
    public Tensor narrow(int dim, long start, long length) {
        return own(handle().narrow(dim, start, length));
    }

    /** One entry of a dimension, which disappears. */
    public Tensor select(int dim, long index) {
        return own(handle().select(dim, index));
    }

    public Tensor transpose(int a, int b) {
        return own(handle().transpose(a, b));
    }

    public Tensor permute(long... dims) {
        return own(handle().permute(dims));
    }

    public Tensor unsqueeze(int dim) {
        return own(handle().unsqueeze(dim));
    }

    public Tensor expand(long... shape) {
        return own(handle().expand(shape));
    }

    /** The same values without history. */
    public Tensor detach() {
        return own(handle().detach());
    }

    // Copies

    public Tensor copy() {
        return own(handle().clone());
    }

    public Tensor contiguous() {
        return own(handle().contiguous());
    }

    public Tensor to(DType dtype) {
        return own(handle().to(Libtorch.scalarType(dtype)));
    }

    /** This tensor itself if it is there already. */
    public Tensor to(Device device) {
        if (device == device()) {
            return this;
        }
        try (var where = device.handle()) {
            return own(handle().to(where, handle.scalar_type()));
        }
    }

    /** Rows (entries of a dimension) by number; the index is a vector of I64. */
    public Tensor indexSelect(int dim, Tensor index) {
        return own(handle().index_select(dim, index.handle()));
    }

    /** Rows of this matrix by number: an index (I64) of any shape gives that shape and the width of a row. */
    public Tensor rows(Tensor index) {
        // Not index_select: the backward pass of an embedding adds rows up about ten times as fast.
        return own(torch.embedding(handle(), index.handle()));
    }

    /** Writes rows of this matrix by number (a vector of I64) over a matrix of as many rows; never recorded. */
    public void rowsInto(Tensor index, Tensor out) {
        try (var _ = new NoGrad()) {
            torch.index_select_out(out.handle(), handle(), 0, index.handle());
        }
    }

    /** Writes the sum over another tensor; never recorded. */
    public void plusInto(Tensor other, Tensor out) {
        try (var _ = new NoGrad();
                var one = new Scalar(1)) {
            torch.add_out(out.handle(), handle(), other.handle(), one);
        }
    }

    /** Writes the product, value by value, over another tensor; never recorded. */
    public void timesInto(Tensor other, Tensor out) {
        try (var _ = new NoGrad()) {
            torch.mul_out(out.handle(), handle(), other.handle());
        }
    }

    /** {@code out[i][j] = this[i][index[i][j]]} for dimension 1, and likewise for others. */
    public Tensor gather(int dim, Tensor index) {
        return own(handle().gather(dim, index.handle()));
    }

    /** Values where the mask (BOOL, broadcast) is true become the given one. */
    public Tensor maskedFill(Tensor mask, double value) {
        try (var scalar = new Scalar(value)) {
            return own(handle().masked_fill(mask.handle(), scalar));
        }
    }

    /** The other's values where the mask (BOOL, broadcast) is true, and these elsewhere. */
    public Tensor replacedBy(Tensor other, Tensor mask) {
        return own(torch.where(mask.handle(), other.handle(), handle()));
    }

    // Arithmetic, broadcasting

    public Tensor plus(Tensor other) {
        return own(handle().add(other.handle()));
    }

    public Tensor plus(double value) {
        try (var scalar = new Scalar(value)) {
            return own(handle().add(scalar));
        }
    }

    public Tensor minus(Tensor other) {
        return own(handle().sub(other.handle()));
    }

    public Tensor times(Tensor other) {
        return own(handle().mul(other.handle()));
    }

    public Tensor times(double value) {
        try (var scalar = new Scalar(value)) {
            return own(handle().mul(scalar));
        }
    }

    public Tensor dividedBy(Tensor other) {
        return own(handle().div(other.handle()));
    }

    public Tensor sqrt() {
        return own(handle().sqrt());
    }

    public Tensor exp() {
        return own(handle().exp());
    }

    public Tensor log() {
        return own(handle().log());
    }

    /** -1, 0 or 1. */
    public Tensor sign() {
        return own(handle().sign());
    }

    public Tensor abs() {
        return own(handle().abs());
    }

    public Tensor relu() {
        return own(handle().relu());
    }

    /** The exact one, {@code x Phi(x)}. */
    public Tensor gelu() {
        return own(torch.gelu(handle()));
    }

    /** GELU by its approximation with tanh. */
    public Tensor geluNew() {
        try (var tanh = new BytePointer("tanh")) {
            return own(torch.gelu(handle(), tanh));
        }
    }

    /** {@code x sigmoid(x)}. */
    public Tensor silu() {
        return own(torch.silu(handle()));
    }

    // Products

    /** Matrix product, batched over leading dimensions. */
    public Tensor matmul(Tensor other) {
        return own(handle().matmul(other.handle()));
    }

    /** {@code bias + this x other}, for matrices. */
    public Tensor matmulPlus(Tensor other, Tensor bias) {
        return own(torch.addmm(bias.handle(), handle(), other.handle()));
    }

    /**
     * {@code softmax(this keys^T / sqrt(d_head) + mask) values} of queries [batch, head, query, d_head], tile by tile: no pattern of all
     * queries and keys is made.
     */
    public Tensor attention(Tensor keys, Tensor values, @Nullable Tensor mask) {
        try (var added = mask == null
                        ? new TensorOptional()
                        : new TensorOptional(mask.to(dtype()).handle());
                var scale = new DoubleOptional()) {
            return own(torch.scaled_dot_product_attention(
                    handle(), keys.handle(), values.handle(), added, 0, false, scale, false));
        }
    }

    // Along dimensions

    public Tensor sum(long... dims) {
        return dims.length == 0 ? own(handle().sum()) : own(handle().sum(dims));
    }

    public Tensor mean(boolean keepDim, long... dims) {
        try (var none = new ScalarTypeOptional()) {
            return dims.length == 0 ? own(handle().mean()) : own(handle().mean(dims, keepDim, none));
        }
    }

    /** The Euclidean norm of all values. */
    public Tensor norm() {
        return own(handle().norm());
    }

    /** The largest value of all. */
    public Tensor max() {
        return own(handle().max());
    }

    /** Where the largest value of a dimension stands; the first of equals. */
    public Tensor argmax(int dim) {
        try (var where = new LongOptional(dim)) {
            return own(handle().argmax(where, false));
        }
    }

    /** BOOL: which values are equal. */
    public Tensor eq(Tensor other) {
        return own(handle().eq(other.handle()));
    }

    /** BOOL: which values are less than a number. */
    public Tensor less(double bound) {
        try (var scalar = new Scalar(bound)) {
            return own(handle().lt(scalar));
        }
    }

    /** BOOL: which values are less than the other's (broadcast). */
    public Tensor less(Tensor other) {
        return own(handle().lt(other.handle()));
    }

    /** The k-th largest value of the last dimension, [.., 1]. */
    public Tensor largest(long k) {
        try (var found = handle().topk(k, -1, true, true);
                var values = found.get0()) {
            return own(values.narrow(-1, k - 1, 1).clone());
        }
    }

    /** Sums along a dimension of each value and all before it. */
    public Tensor sumsTo(int dim) {
        return own(handle().cumsum(dim));
    }

    public Tensor softmax(int dim) {
        return own(torch.softmax(handle(), dim));
    }

    public Tensor logSoftmax(int dim) {
        return own(torch.log_softmax(handle(), dim));
    }

    /** LayerNorm over the last dimension, with gain and bias of its size. */
    public Tensor layerNorm(@Nullable Tensor gain, @Nullable Tensor bias, double eps) {
        try (var w = gain == null ? new TensorOptional() : new TensorOptional(gain.handle());
                var b = bias == null ? new TensorOptional() : new TensorOptional(bias.handle())) {
            return own(torch.layer_norm(handle(), new long[] {handle.size(-1)}, w, b, eps, false));
        }
    }

    /** Mean cross-entropy in nats of rows of logits [n, class] against classes [n] (I64), in the logits' precision. */
    public Tensor crossEntropy(Tensor classes) {
        return own(torch.cross_entropy_loss(handle(), classes.handle()));
    }

    // Gradients

    /** Makes this a leaf whose gradient a backward pass fills. */
    public Tensor requireGrad() {
        handle().set_requires_grad(true);
        return this;
    }

    /** Lets a backward pass fill this tensor's gradient although it is no leaf. */
    public Tensor retainGrad() {
        if (!handle().requires_grad()) {
            throw new IllegalStateException(
                    "no gradient flows through this tensor: nothing it was computed from trains");
        }
        handle.retain_grad();
        return this;
    }

    /** Where a backward pass adds this leaf's gradient; its storage stays the caller's. */
    public void setGrad(Tensor gradient) {
        try (var slot = handle().mutable_grad()) {
            slot.put(gradient.handle());
        }
    }

    /** What backward passes have added up for this leaf, or null before the first. */
    public @Nullable Tensor grad() {
        var gradient = handle().grad();
        if (!gradient.defined()) {
            gradient.close();
            return null;
        }
        return own(gradient);
    }

    /** Adds the gradient of this single number to every leaf that it came from. */
    public void backward() {
        handle().backward();
    }

    // In place

    public void zeroInPlace() {
        handle().zero_();
    }

    /** Takes over the values of another tensor of the same shape, converted to this one's type. */
    public void copyInPlace(Tensor other) {
        try (var noGrad = new NoGrad()) {
            handle().copy_(other.handle());
        }
    }

    public void timesInPlace(double value) {
        try (var scalar = new Scalar(value)) {
            handle().mul_(scalar);
        }
    }

    public void divideInPlace(double value) {
        try (var scalar = new Scalar(value)) {
            handle().div_(scalar);
        }
    }

    public void plusInPlace(double value) {
        try (var scalar = new Scalar(value)) {
            handle().add_(scalar);
        }
    }

    /** {@code this + value other}. */
    public void addInPlace(Tensor other, double value) {
        try (var scalar = new Scalar(value)) {
            handle().add_(other.handle(), scalar);
        }
    }

    /** {@code this + weight (other - this)}. */
    public void lerpInPlace(Tensor other, double weight) {
        try (var scalar = new Scalar(weight)) {
            handle().lerp_(other.handle(), scalar);
        }
    }

    /** {@code this + value a b}. */
    public void addProductInPlace(Tensor a, Tensor b, double value) {
        try (var scalar = new Scalar(value)) {
            handle().addcmul_(a.handle(), b.handle(), scalar);
        }
    }

    /** {@code this + value a / b}. */
    public void addQuotientInPlace(Tensor a, Tensor b, double value) {
        try (var scalar = new Scalar(value)) {
            handle().addcdiv_(a.handle(), b.handle(), scalar);
        }
    }

    // Reading

    /** The only value, as a double. */
    public double item() {
        return handle().item_double();
    }

    public float[] toFloats() {
        return values(DType.F32).toArray(ValueLayout.JAVA_FLOAT);
    }

    public double[] toDoubles() {
        return values(DType.F64).toArray(ValueLayout.JAVA_DOUBLE);
    }

    public long[] toLongs() {
        return values(DType.I64).toArray(ValueLayout.JAVA_LONG);
    }

    private MemorySegment values(DType dtype) {
        Tensor here = to(Device.CPU);
        return (here.dtype() == dtype ? here : here.to(dtype)).contiguous().segment();
    }

    /** The values where they lie in memory, row-major, valid as long as this tensor is. For contiguous tensors on the CPU. */
    public MemorySegment segment() {
        if (!handle().is_contiguous() || handle.is_cuda()) {
            throw new IllegalStateException("only a contiguous tensor on the CPU can be read where it lies");
        }
        long bytes = handle.numel() * handle.element_size();
        try (var pointer = handle.data_ptr()) {
            return bytes == 0
                    ? MemorySegment.NULL
                    : MemorySegment.ofAddress(pointer.address()).reinterpret(bytes);
        }
    }

    /** This tensor as it lies in memory, or a copy in the innermost scope where that is not contiguous or not the CPU's. */
    public RawTensor raw() {
        Tensor here = to(Device.CPU);
        return new RawTensor(
                dtype(),
                Arrays.stream(shape()).boxed().toList(),
                (here.handle.is_contiguous() ? here : here.contiguous()).segment());
    }

    @Override
    public String toString() {
        return dtype() + Arrays.toString(shape());
    }
}
