package hooke.config.task;

import hooke.Check;
import hooke.config.form.Descriptive;
import hooke.config.form.FilePath;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The next generation of a square board of Life, read and written as text: {@code @PredictNextState<0110> [0000]$}, where both boards are
 * right-padded to one length with {@code p}. Original: LifeGPT, several widths at once.
 *
 * @param boards which of them, and which are trained on
 * @param rule B3/S23, as {@link LifeRule} writes it
 * @param padding characters of a board in the text: at least the cells of the widest
 */
public record LifeConfig(Source boards, String rule, Topology topology, int padding, Scored loss)
        implements TaskConfig {
    /** The tokens are bytes. */
    private static final int BYTES = 256;

    private static final int WIDEST = 64;
    private static final int MOST_BOARDS = 2_000_000;

    /** The text around two boards. */
    private static final int AROUND = "@PredictNextState<> []$".length();

    /** What lies beyond the edge. */
    public enum Topology {
        /** The opposite edge. */
        TORUS,
        /** Dead cells. */
        BOUNDED
    }

    /** Which bytes are learned. */
    public enum Scored {
        /** Each but the first, from those before it. */
        ALL,
        /** Those behind {@code <S1>}. */
        ANSWER
    }

    /** Whether a board may be both trained and tested on. */
    public enum Overlap {
        NONE,
        ALLOWED
    }

    /** Where the boards come from. */
    public sealed interface Source {
        /** Examples to train on. */
        int trainSize();

        /** All examples. */
        int size();

        int widest();

        /** What decides which boards are trained on, in a sentence. */
        default String meaning() {
            return switch (this) {
                case Drawn drawn ->
                    switch (drawn.overlap()) {
                        case NONE -> "The seed shuffles the boards of each width, and the last of them are tested on.";
                        case ALLOWED -> "Both sets are drawn from task.boards.seed, so a board may be in both.";
                    };
                case Files _ -> "One file holds the boards that are trained on, another the test set.";
            };
        }

        /**
         * Drawn at random.
         *
         * @param train boards of each width to train on
         * @param test boards of each width to test on
         * @param seed of these boards alone, so that runs with different seeds have the same boards
         */
        record Drawn(List<Integer> widths, int train, int test, Density density, Overlap overlap, long seed)
                implements Source {
            public Drawn {
                Check.that(!widths.isEmpty(), "task.boards.widths must name a width: [16, 8, 4, 2]");
                for (int width : widths) {
                    Check.that(
                            width >= 1 && width <= WIDEST,
                            "task.boards.widths (%s) must be from 1 to %s",
                            width,
                            WIDEST);
                }
                Check.that(new HashSet<>(widths).size() == widths.size(), "task.boards.widths names one of them twice");
                widths = List.copyOf(widths);
                Check.that(train >= 1, "task.boards.train (%s) must be at least 1", train);
                Check.that(test >= 1, "task.boards.test (%s) must be at least 1", test);
                Check.that(
                        (long) widths.size() * ((long) train + test) <= MOST_BOARDS,
                        "task.boards.train (%s) and task.boards.test (%s) of %s widths are more than %s boards",
                        train,
                        test,
                        widths.size(),
                        MOST_BOARDS);
                Check.that(seed >= 0, "task.boards.seed (%s) must be at least 0", seed);
            }

            /** Boards of a width: all that exist where they are fewer than asked for and none may stand in both sets. */
            public int all(int width) {
                int asked = train + test;
                return isShort(width) ? 1 << width * width : asked;
            }

            /** Boards of a width to test on: of those that exist the share that was asked for, at least one. */
            public int test(int width) {
                return isShort(width) ? (int) Math.max(1, (long) all(width) * test / (train + test)) : test;
            }

            /** Whether there are fewer different boards of a width than asked for. */
            public boolean isShort(int width) {
                return overlap == Overlap.NONE && width * width < 31 && 1 << width * width < train + test;
            }

            @Override
            public int size() {
                return widths.stream().mapToInt(this::all).sum();
            }

            @Override
            public int trainSize() {
                return widths.stream()
                        .mapToInt(width -> all(width) - test(width))
                        .sum();
            }

            @Override
            public int widest() {
                return widths.stream().mapToInt(width -> width).max().orElseThrow();
            }
        }

        /** Of two CSV files, each with the columns {@code GridSize}, {@code State 1} and {@code State 2}. */
        record Files(
                @FilePath @Descriptive String trainFile,
                @FilePath @Descriptive String testFile,
                Facts facts) implements Source {
            @Override
            public int trainSize() {
                return facts.train();
            }

            @Override
            public int size() {
                return facts.train() + facts.test();
            }

            @Override
            public int widest() {
                return facts.widest();
            }
        }
    }

    /** What follows from the files. */
    public record Facts(String trainSha256, String testSha256, int train, int test, int widest) {
        public Facts {
            Check.that(train >= 1 && test >= 1, "task.boards.facts must have boards to train and to test on");
            Check.that(
                    widest >= 1 && widest <= WIDEST,
                    "task.boards.facts.widest (%s) must be from 1 to %s",
                    widest,
                    WIDEST);
        }

        public static Facts of(String trainFile, String testFile) {
            LifeFile train = LifeFile.read(trainFile);
            LifeFile test = LifeFile.read(testFile);
            int widest = Math.max(train.widest(), test.widest());
            return new Facts(
                    train.sha256(),
                    test.sha256(),
                    train.rows().size(),
                    test.rows().size(),
                    widest);
        }
    }

    /** The probability that a cell lives. */
    public sealed interface Density {
        /** In equal steps from 0 on the first board of a width to 1 on the last. */
        record Linspace() implements Density {}

        /** Of each board drawn from 0 to 1. */
        record Uniform() implements Density {}

        record Fixed(double at) implements Density {
            public Fixed {
                Check.that(at >= 0 && at <= 1, "task.boards.density.at (%s) must be from 0 to 1", at);
            }
        }

        /** Of each of so many boards. */
        default double[] of(int boards, double[] drawn) {
            return IntStream.range(0, boards)
                    .mapToDouble(i -> switch (this) {
                        case Linspace() -> boards == 1 ? 0 : i / (boards - 1.0);
                        case Uniform() -> drawn[i];
                        case Fixed(double at) -> at;
                    })
                    .toArray();
        }
    }

    public LifeConfig {
        rule = LifeRule.parse(rule, "task.rule").toString();
        int cells = boards.widest() * boards.widest();
        Check.that(
                padding >= cells && padding <= WIDEST * WIDEST,
                "task.padding (%s) must be from the %s cells of the widest board to %s",
                padding,
                cells,
                WIDEST * WIDEST);
    }

    public LifeRule lifeRule() {
        return LifeRule.parse(rule, "task.rule");
    }

    @Override
    public int dVocab() {
        return BYTES;
    }

    @Override
    public int dVocabOut() {
        return BYTES;
    }

    /** Bytes of the whole text. */
    @Override
    public int nCtx() {
        return 2 * padding + AROUND;
    }

    @Override
    public int size() {
        return boards.size();
    }

    @Override
    public int trainSize() {
        return boards.trainSize();
    }

    /** As many boards of the training set as the test set has, or all. */
    public int trainSample() {
        return Math.min(trainSize(), size() - trainSize());
    }

    @Override
    public int evaluated() {
        return trainSample() + size() - trainSize();
    }

    @Override
    public String learns() {
        return "the next generation of Life, %s on a %s"
                .formatted(
                        rule,
                        switch (topology) {
                            case TORUS -> "torus";
                            case BOUNDED -> "bounded board";
                        });
    }

    @Override
    public List<String> remarks() {
        return switch (boards) {
            case Source.Files _ -> List.of();
            case Source.Drawn drawn ->
                drawn.widths().stream()
                        .filter(drawn::isShort)
                        .map(width ->
                                "of width %s there are %s boards, fewer than the %s asked for: %s to train and %s to test on"
                                        .formatted(
                                                width,
                                                drawn.all(width),
                                                drawn.train() + drawn.test(),
                                                drawn.all(width) - drawn.test(width),
                                                drawn.test(width)))
                        .toList();
        };
    }

    @Override
    public boolean memorizes() {
        return false;
    }

    @Override
    public String doing(String share) {
        return "predicts " + share + " of the cells";
    }
}
