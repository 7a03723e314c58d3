package hooke.config.task;

import hooke.Amounts;
import hooke.Check;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What is to be learned, and which part of all examples is for training. */
public sealed interface TaskConfig
        permits TaskConfig.ModularArithmetic,
                TaskConfig.Permutation,
                TaskConfig.ListCopy,
                TaskConfig.None,
                TableConfig,
                LifeConfig,
                TextConfig,
                OwnConfig {
    /** What {@link #splitting} says where all examples are drawn from. */
    String SHUFFLED = "The seed shuffles all examples, and the first of them are trained on.";

    /** Number of different tokens that the model reads. */
    int dVocab();

    /** Number of classes that it tells apart. */
    int dVocabOut();

    /** Tokens of one example. */
    int nCtx();

    /** Positions of an example at which an answer is read. */
    default int answers() {
        return switch (this) {
            case ModularArithmetic _, Permutation _, None _ -> 1;
            case ListCopy copy -> copy.listLength();
            case TableConfig table -> table.facts().answers();
            case LifeConfig life -> life.padding();
            case TextConfig text -> text.context();
            case OwnConfig own -> own.answers();
        };
    }

    /** Whether every example is known, has the same length, and is answered at the same positions. */
    default boolean isFinite() {
        return switch (this) {
            case ModularArithmetic _, Permutation _, ListCopy _, None _ -> true;
            case TableConfig table -> table.facts().equalLengths();
            case LifeConfig _, TextConfig _ -> false;
            case OwnConfig own -> own.examples() > 0;
        };
    }

    /**
     * Whether a model must not see what stands behind a position: there the next token stands, which is to be predicted, or padding.
     */
    default boolean predictsNext() {
        return switch (this) {
            case ModularArithmetic _, Permutation _, ListCopy _, None _, OwnConfig _ -> false;
            case TableConfig table ->
                !table.facts().equalLengths() || table.facts().answers() > 1;
            case LifeConfig _, TextConfig _ -> true;
        };
    }

    /** What is to be learned, behind "learns": {@code a x b mod 113}. Empty where nobody knows. */
    default String learns() {
        return switch (this) {
            case ModularArithmetic m -> "a " + m.operation().sign() + " b mod " + m.modulus();
            case Permutation p -> "to compose permutations of " + p.elements() + " things";
            case ListCopy l -> "to copy lists of " + l.listLength() + " out of " + l.nDigits() + " digits";
            case None _ -> "";
            case TableConfig t -> "the targets of " + t.fileName();
            case LifeConfig l -> l.learns();
            case TextConfig t -> t.learns();
            case OwnConfig o -> o.name();
        };
    }

    /** Number of examples, all of them, before the split. */
    int size();

    /** Examples that an evaluation measures, of the training set and of the test set. */
    default int evaluated() {
        return size();
    }

    /** What a person should know about the examples, in sentences. */
    default List<String> remarks() {
        return List.of();
    }

    /** Whether there are examples and right answers. */
    default boolean isKnown() {
        return !(this instanceof None);
    }

    /** This task where it is modular arithmetic. */
    default Optional<ModularArithmetic> modularArithmetic() {
        return this instanceof ModularArithmetic arithmetic ? Optional.of(arithmetic) : Optional.empty();
    }

    /** This task where it is list copy. */
    default Optional<ListCopy> listCopy() {
        return this instanceof ListCopy copy ? Optional.of(copy) : Optional.empty();
    }

    /** Whether the training set may be learned by heart long before the rest is understood: the story of memorizing and grokking. */
    default boolean memorizes() {
        return true;
    }

    /** Whether a model can be right nearly everywhere: what comes next in a text can only be guessed. */
    default boolean isSolvable() {
        return true;
    }

    /** What a model does that is right on such a share of the outputs: {@code answers 12% of the questions}. */
    default String doing(String share) {
        return "answers " + share + " of the questions";
    }

    /** What decides which examples are trained on and which are tested on, in a sentence. */
    default String splitting() {
        return switch (this) {
            case ModularArithmetic _, Permutation _, ListCopy _ -> SHUFFLED;
            case None _ -> "There are no examples.";
            case TableConfig table -> table.split().meaning();
            case LifeConfig life -> life.boards().meaning();
            case TextConfig _ -> "The first documents of the file are trained on, whatever the seed.";
            case OwnConfig _ -> "The program that brings the task splits its examples.";
        };
    }

    /** In what a loss is told: its mean over the answers, or over the tokens where these are predicted one after another. */
    default String lossUnit() {
        return switch (this) {
            case ModularArithmetic _, Permutation _, ListCopy _, None _, OwnConfig _ -> "nats/answer";
            case TableConfig _, LifeConfig _, TextConfig _ -> "nats/token";
        };
    }

    /** So many of its examples, as people call them: {@code 2,809 examples}. */
    default String examples(long n) {
        return Amounts.of(n, "example", "examples");
    }

    /** What an accuracy on the training set is of. */
    default String trainedOn() {
        return examples(trainSize());
    }

    /** What one on the test set is of. */
    default String testedOn() {
        return examples(size() - trainSize());
    }

    /** The series that its evaluations record; empty where only a program knows. */
    default List<String> measures() {
        List<String> metrics = switch (this) {
            case ModularArithmetic _, Permutation _, ListCopy _, None _ -> List.of("loss", "accuracy");
            case TableConfig table ->
                table.isFinite() ? List.of("loss", "accuracy") : List.of("loss", "accuracy", "exact_match");
            case LifeConfig _ -> List.of("loss", "accuracy", "exact_match");
            case TextConfig _ -> List.of("loss", "accuracy");
            case OwnConfig _ -> List.of();
        };
        Stream<String> ofBoth =
                Stream.of("train_", "test_").flatMap(set -> metrics.stream().map(set::concat));
        Stream<String> ofTest = this instanceof TextConfig
                ? Stream.of("test_" + TextScore.NATS_PER_CHARACTER, "test_" + TextScore.BITS_PER_BYTE)
                : Stream.empty();
        return Stream.concat(ofBoth, ofTest).toList();
    }

    /** Examples in the training set: a fraction of all, rounded down. */
    int trainSize();

    /**
     * {@code [a, b, =] -> a op b (mod p)} over all pairs; division over pairs with non-zero b. Original: "modular multiplication", and
     * TransformerLens' Grokking_Demo.
     */
    record ModularArithmetic(Operation operation, int modulus, EquationFormat format, double trainFraction)
            implements TaskConfig {
        public enum Operation {
            ADD("+"),
            SUBTRACT("-"),
            MULTIPLY("x"),
            DIVIDE("/");

            private final String sign;

            Operation(String sign) {
                this.sign = sign;
            }

            /** As a person writes it. */
            public String sign() {
                return sign;
            }
        }

        public ModularArithmetic {
            Check.that(modulus >= 2 && modulus <= 4096, "task.modulus (%s) must be from 2 to 4096", modulus);
            Check.that(
                    operation != Operation.DIVIDE || isPrime(modulus),
                    "task.modulus (%s) must be prime for task.operation divide: else some b have no inverse",
                    modulus);
            checkFraction(trainFraction, modulus * (operation == Operation.DIVIDE ? modulus - 1 : modulus));
        }

        @Override
        public int dVocab() {
            return format.dVocab(modulus);
        }

        @Override
        public int dVocabOut() {
            return modulus;
        }

        @Override
        public int nCtx() {
            return format.positions().size();
        }

        @Override
        public int size() {
            return modulus * (operation == Operation.DIVIDE ? modulus - 1 : modulus);
        }

        @Override
        public int trainSize() {
            return part(size(), trainFraction);
        }

        private static boolean isPrime(int n) {
            for (int i = 2; i * i <= n; i++) {
                if (n % i == 0) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * {@code [a, b, =] -> a . b} over all pairs of permutations of so many things, {@code (a . b)[i] = a[b[i]]}; numbered
     * lexicographically. Original: "capacity and grokking", with 5.
     */
    record Permutation(int elements, EquationFormat format, double trainFraction) implements TaskConfig {
        public Permutation {
            Check.that(
                    elements >= 2 && elements <= 6,
                    "task.elements (%s) must be from 2 to 6: n things have n! permutations",
                    elements);
            checkFraction(trainFraction, factorial(elements) * factorial(elements));
        }

        /** Permutations: n!. */
        @Override
        public int dVocabOut() {
            return factorial(elements);
        }

        @Override
        public int dVocab() {
            return format.dVocab(dVocabOut());
        }

        @Override
        public int nCtx() {
            return format.positions().size();
        }

        @Override
        public int size() {
            return dVocabOut() * dVocabOut();
        }

        @Override
        public int trainSize() {
            return part(size(), trainFraction);
        }

        private static int factorial(int n) {
            return n <= 1 ? 1 : n * factorial(n - 1);
        }
    }

    /**
     * {@code [d1 .. dn SEP SEP .. SEP] -> d1 .. dn} at the last n positions, over all lists of n digits. Original: "list copy through a
     * bottleneck".
     */
    record ListCopy(int listLength, int nDigits, double trainFraction) implements TaskConfig {
        public ListCopy {
            Check.that(listLength >= 1 && listLength <= 16, "task.list_length (%s) must be from 1 to 16", listLength);
            Check.that(nDigits >= 2 && nDigits <= 10_000, "task.n_digits (%s) must be from 2 to 10000", nDigits);
            Check.that(
                    Math.pow(nDigits, listLength) <= 10_000_000,
                    "task.n_digits (%s) to the power of task.list_length (%s) must be at most 10,000,000 lists",
                    nDigits,
                    listLength);
            checkFraction(trainFraction, (int) Math.pow(nDigits, listLength));
        }

        @Override
        public boolean memorizes() {
            return false;
        }

        @Override
        public String doing(String share) {
            return "copies " + share + " of the digits";
        }

        @Override
        public int dVocab() {
            return nDigits + 1;
        }

        @Override
        public int dVocabOut() {
            return nDigits + 1;
        }

        @Override
        public int nCtx() {
            return 2 * listLength + 1;
        }

        @Override
        public int size() {
            return (int) Math.round(Math.pow(nDigits, listLength));
        }

        @Override
        public int trainSize() {
            return part(size(), trainFraction);
        }
    }

    /**
     * Not known, as of weights that were imported to be looked at: no example and no right answer, so nothing to train on and nothing to
     * measure.
     */
    record None(int dVocab, int dVocabOut, int nCtx) implements TaskConfig {
        public None {
            Check.that(dVocab >= 1, "task.d_vocab (%s) must be at least 1", dVocab);
            Check.that(dVocabOut >= 1, "task.d_vocab_out (%s) must be at least 1", dVocabOut);
            Check.that(nCtx >= 1, "task.n_ctx (%s) must be at least 1", nCtx);
        }

        @Override
        public int trainSize() {
            return 0;
        }

        @Override
        public int size() {
            return 0;
        }
    }

    /** Of the key {@code task.train_fraction}: both sets need an example. */
    static void checkFraction(double fraction, int size) {
        Check.that(
                fraction > 0 && fraction < 1, "task.train_fraction (%s) must be more than 0 and less than 1", fraction);
        int train = part(size, fraction);
        Check.that(
                train >= 1 && train < size,
                "task.train_fraction (%s) leaves %s of %s examples for training; both sets need at least one",
                fraction,
                train,
                size);
    }

    /** So many of all, rounded down. */
    static int part(int size, double fraction) {
        return (int) (size * fraction);
    }
}
