package hooke.fused.decode;

import hooke.fused.kernels.Kernel;
import hooke.fused.kernels.Mat;
import hooke.fused.kernels.PanelProduct;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** How threads share a step's work: the panels of a matrix, rows, or anything else that can be counted. */
final class SharedWork implements AutoCloseable {
    private final SpinningThreads threads;
    private final Hand[] hands;

    /** What a thread multiplies with. */
    record Hand(PanelProduct product, float[] scratch) {}

    /** Does items [from, to) on a thread. */
    interface Part {
        void run(int thread, int from, int to);
    }

    SharedWork(int threads, Kernel kernel) {
        this.threads = new SpinningThreads(threads);
        this.hands = IntStream.range(0, threads)
                .mapToObj(_ -> new Hand(PanelProduct.of(kernel), new float[PackedMatrix.SCRATCH]))
                .toArray(Hand[]::new);
    }

    /** Gives each thread as many of the items as any other, neighbours, and returns when all are done. */
    void share(int items, Part part) {
        int size = threads.size();
        threads.run(thread -> part.run(thread, items * thread / size, items * (thread + 1) / size));
    }

    Hand hand(int thread) {
        return hands[thread];
    }

    /** {@code y = x W}, or {@code y += x W}, for so many rows. */
    void product(PackedMatrix w, Mat x, int rows, Mat y, boolean add) {
        share(w.panels(), (thread, from, to) -> w.times(hands[thread], x, rows, y, from, to, add));
    }

    /** Does something small with each row: on one thread if there are few of them, since to call the others would take longer. */
    void overRows(int rows, IntConsumer work) {
        if (rows < 2 * threads.size()) {
            IntStream.range(0, rows).forEach(work);
        } else {
            share(rows, (_, from, to) -> IntStream.range(from, to).forEach(work));
        }
    }

    @Override
    public void close() {
        threads.close();
    }
}
