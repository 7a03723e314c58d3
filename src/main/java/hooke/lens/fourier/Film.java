package hooke.lens.fourier;

import hooke.Check;
import hooke.InputException;
import hooke.config.ModelConfig;
import hooke.hook.Cache;
import hooke.hook.Hooks;
import hooke.hook.Point;
import hooke.lens.fourier.Dissection.Keys;
import hooke.lens.group.Irrep;
import hooke.lens.group.Matrices;
import hooke.model.Transformer;
import hooke.store.files.Checkpoint;
import hooke.tensor.Libtorch;
import hooke.tensor.NoGrad;
import hooke.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * A training measured at every checkpoint, in float64. All frames share the key parts and the planes of embeddings that the last
 * checkpoint has, so that their measures make one time series.
 *
 * <p>Checkpoints are measured side by side, each on one thread of libtorch: its small products gain nothing from a second.
 */
public final class Film {
    /** Pairs that attention is averaged over. */
    private static final int SAMPLE = 64;

    private final Dissection dissection;
    private final boolean perKey;

    private Film(Dissection dissection, boolean perKey) {
        this.dissection = dissection;
        this.perKey = perKey;
    }

    /**
     * One frame a checkpoint, the earliest first.
     *
     * @param keys of all frames; {@link Keys.Found} are those of the last checkpoint
     * @param perKey whether to measure the excluded loss of every key, too
     * @param threads checkpoints measured at once
     * @param shown told of every frame when it is ready, in order, on the calling thread
     */
    public static List<Frame> of(
            Dissection dissection,
            List<Checkpoint> checkpoints,
            Keys keys,
            boolean perKey,
            int threads,
            Consumer<Frame> shown) {
        Check.that(!checkpoints.isEmpty(), "there is no checkpoint to look into yet");
        var film = new Film(dissection, perKey);
        try (ExecutorService workers = Executors.newFixedThreadPool(
                threads,
                task -> new Thread(() -> {
                    Libtorch.setThreads(1);
                    task.run();
                }))) {
            try {
                Shot last = result(workers.submit(() -> film.shoot(checkpoints.getLast(), keys)));
                List<Camera> cameras = film.cameras(last);
                Keys same = new Keys.Given(last.snapshot().keys());
                List<Future<Shot>> others = checkpoints.subList(0, checkpoints.size() - 1).stream()
                        .map(checkpoint -> workers.submit(() -> film.shoot(checkpoint, same)))
                        .toList();
                List<Frame> frames = new ArrayList<>();
                for (int i = 0; i < checkpoints.size(); i++) {
                    Shot shot = i < others.size() ? result(others.get(i)) : last;
                    frames.add(shot.on(cameras));
                    shown.accept(frames.getLast());
                }
                return frames;
            } finally {
                workers.shutdownNow();
            }
        }
    }

    private static Shot result(Future<Shot> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the film was interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InputException fault) {
                throw fault;
            }
            throw new IllegalStateException("a checkpoint could not be measured", e.getCause());
        }
    }

    /** @param embedding W_E by element */
    @SuppressWarnings("ArrayRecordComponent") // lives as long as one frame is made
    private record Shot(Snapshot snapshot, double[][] embedding, List<Frame.Pattern> patterns) {
        Frame on(List<Camera> cameras) {
            return new Frame(
                    snapshot,
                    cameras.stream()
                            .map(c -> new Frame.Places(
                                    c.part(),
                                    c.plane().places(embedding),
                                    c.plane().share(embedding)))
                            .toList(),
                    patterns);
        }
    }

    /** @param part the frequency whose plane it is; 0 for that of the principal components */
    private record Camera(int part, Plane plane) {}

    /** The plane of every key frequency that has a cosine and a sine; where there is none, that of the principal components. */
    private List<Camera> cameras(Shot last) {
        List<Irrep> parts = dissection.group().group().irreps();
        List<Camera> cameras = last.snapshot().keys().stream()
                .filter(k -> dissection.group().isCyclic() && parts.get(k).functions().length == 2)
                .map(k -> new Camera(k, Plane.of(last.embedding(), parts.get(k).functions())))
                .toList();
        return cameras.isEmpty() ? List.of(new Camera(0, Plane.of(last.embedding()))) : cameras;
    }

    private Shot shoot(Checkpoint checkpoint, Keys keys) {
        try (var _ = new Scope()) {
            Transformer model = dissection.open(checkpoint);
            return new Shot(
                    dissection.look(checkpoint.step(), model, keys, perKey),
                    Matrices.pick(
                            Dissection.matrix(model.weights(), "embed.W_E"),
                            dissection.group().token()),
                    patterns(model));
        }
    }

    private List<Frame.Pattern> patterns(Transformer model) {
        ModelConfig config = model.config();
        int pairs = dissection.group().example().length;
        int sample = Math.min(SAMPLE, pairs);
        int[][] tokens = new int[sample][];
        for (int i = 0; i < sample; i++) {
            tokens[i] = dissection.task().tokens(dissection.group().example()[(int) ((long) i * pairs / sample)]);
        }
        List<Frame.Pattern> patterns = new ArrayList<>();
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            var seen = new Cache(point -> point.point() == Point.PATTERN);
            model.forward(tokens, Hooks.read(seen));
            int length = tokens[0].length;
            for (int layer = 0; layer < config.nLayers(); layer++) {
                double[] mean = seen.get(Point.PATTERN.at(layer)).mean(false, 0).toDoubles(); // [head, query, key]
                double[][] rows = Matrices.rows(mean, length);
                for (int head = 0; head < config.nHeads(); head++) {
                    patterns.add(new Frame.Pattern(
                            layer, head, java.util.Arrays.copyOfRange(rows, head * length, (head + 1) * length)));
                }
            }
        }
        return patterns;
    }
}
