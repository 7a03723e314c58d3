package hooke.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import hooke.config.TrainConfig;
import hooke.config.task.EquationFormat;
import hooke.config.task.TaskConfig;
import hooke.config.task.TaskConfig.ModularArithmetic.Operation;
import hooke.tensor.Rng;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TaskTest {
    private static FiniteTask modular(Operation operation, int modulus) {
        return FiniteTask.of(new TaskConfig.ModularArithmetic(operation, modulus, EquationFormat.PAIR, 0.5));
    }

    private static FiniteTask listCopy(int length, int digits) {
        return FiniteTask.of(new TaskConfig.ListCopy(length, digits, 0.5));
    }

    @ParameterizedTest
    @EnumSource
    void modular_arithmetic_undoes_itself(Operation operation) {
        int p = 13;
        FiniteTask task = modular(operation, p);
        for (int example = 0; example < task.size(); example++) {
            int[] t = task.tokens(example);
            int c = task.answers(example)[0];
            int back = switch (operation) {
                case ADD -> (c - t[1] + p) % p;
                case SUBTRACT -> (c + t[1]) % p;
                case MULTIPLY -> -1;
                case DIVIDE -> c * t[1] % p;
            };
            assertThat(back == -1 ? t[0] * t[1] % p : back).isEqualTo(back == -1 ? c : t[0]);
            assertThat(t[2]).isEqualTo(p);
        }
        assertThat(IntStream.range(0, task.size()).mapToObj(e -> Arrays.toString(task.tokens(e))))
                .doesNotHaveDuplicates()
                .hasSize(operation == Operation.DIVIDE ? p * (p - 1) : p * p);
    }

    @Test
    void list_copy_enumerates_all_lists_with_the_separator_behind() {
        FiniteTask task = listCopy(3, 4);
        assertThat(task.size()).isEqualTo(64);
        assertThat(task.tokens(27)).containsExactly(1, 2, 3, 4, 4, 4, 4);
        assertThat(task.answers(27)).containsExactly(1, 2, 3);
        assertThat(task.answerPositions()).containsExactly(4, 5, 6);
        assertThat(task.positionLabels()).containsExactly("d1", "d2", "d3", "SEP", "o1", "o2", "o3");
    }

    @Test
    void reads_questions_and_says_what_is_wrong_with_them() {
        FiniteTask times = modular(Operation.MULTIPLY, 113);
        assertThat(times.parseQuestion(List.of("7", "16")).tokens()).containsExactly(7, 16, 113);
        assertThat(times.sentence(new int[] {7, 16, 113}, new int[] {112})).isEqualTo("7 x 16 = 112 (mod 113)");
        refuses(times, "must be two residues", "7");
        refuses(times, "must be two residues", "7", "8", "9");
        refuses(times, "from 0 to 112", "7", "113");
        refuses(times, "'seven' must be a residue", "seven", "1");
        refuses(times, "'-1' must be a residue", "-1", "1");
        refuses(times, "must be a residue", "99999999999999", "1");
        refuses(modular(Operation.DIVIDE, 7), "must not be 0", "3", "0");
        refuses(listCopy(2, 100), "list of 2 numbers", "1");
        refuses(listCopy(2, 100), "from 0 to 99", "1", "100");
    }

    private static void refuses(FiniteTask task, String sentence, String... words) {
        assertThatThrownBy(() -> task.parseQuestion(List.of(words)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void a_split_is_a_partition_that_the_seed_decides() {
        Split split = split(5);
        int[] all = IntStream.concat(IntStream.of(split.train()), IntStream.of(split.test()))
                .sorted()
                .toArray();
        assertThat(all).containsExactly(IntStream.range(0, 100).toArray());
        assertThat(split.train()).hasSize(30).isEqualTo(split(5).train()).isNotEqualTo(split(6).train());
    }

    private static Split split(long seed) {
        try (var rng = Rng.stream(seed, "split")) {
            return Split.of(100, 30, rng);
        }
    }

    @Test
    void batches_are_a_function_of_the_step_and_drop_what_is_left_of_an_epoch() {
        int[] train = IntStream.range(100, 110).toArray();
        for (var order : TrainConfig.Order.values()) {
            Batches batches = batches(train, order);
            assertThat(batches.perEpoch()).isEqualTo(2);
            assertThat(batches(train, order).at(7)).isEqualTo(batches.at(7)).isNotEqualTo(batches.at(6));
            assertThat(IntStream.of(batches.at(7))).allMatch(e -> e >= 100 && e < 110);
            if (order == TrainConfig.Order.WITH_REPLACEMENT) {
                continue;
            }
            int[] epoch = IntStream.concat(IntStream.of(batches.at(0)), IntStream.of(batches.at(1)))
                    .toArray();
            assertThat(epoch).hasSize(8).doesNotHaveDuplicates();
            boolean replayed = Arrays.equals(batches.at(2), batches.at(0));
            assertThat(replayed).isEqualTo(order == TrainConfig.Order.REPLAY);
        }
    }

    private static Batches batches(int[] train, TrainConfig.Order order) {
        return new Batches(train, new TrainConfig.Batch.Mini(4), order, new Batches.Draws() {
            @Override
            public void permute(int epoch, int[] order) {
                try (var rng = Rng.stream(0, "order", epoch)) {
                    rng.permute(order);
                }
            }

            @Override
            public int[] sample(long step, int count, int examples) {
                try (var rng = Rng.stream(0, "order", step)) {
                    return rng.sample(count, examples);
                }
            }
        });
    }

    @Test
    void batches_with_replacement_hold_every_example_as_often_as_chance_has_it() {
        Batches batches = batches(IntStream.range(0, 10).toArray(), TrainConfig.Order.WITH_REPLACEMENT);
        int[] seen = new int[10];
        int repeated = 0;
        for (int step = 0; step < 2_500; step++) {
            int[] batch = batches.at(step);
            repeated += IntStream.of(batch).distinct().count() < batch.length ? 1 : 0;
            IntStream.of(batch).forEach(e -> seen[e]++);
        }
        assertThat(IntStream.of(seen)).allMatch(count -> Math.abs(count - 1000) < 150); // five standard deviations
        assertThat(repeated / 2_500.0).isBetween(0.44, 0.55); // 1 - 10 9 8 7 / 10^4 = 0.496
    }

    @Test
    void a_batch_with_replacement_may_be_larger_than_the_training_set() {
        int[] train = {7, 8, 9};

        Batches batches = batches(train, TrainConfig.Order.WITH_REPLACEMENT);

        assertThat(batches.perEpoch()).isEqualTo(1);
        assertThat(batches.at(5)).hasSize(4);
        assertThat(IntStream.of(batches.at(5))).isSubsetOf(7, 8, 9);
    }

    @Test
    void equations_have_a_token_for_the_operation_and_elements_from_2() {
        FiniteTask minus =
                FiniteTask.of(new TaskConfig.ModularArithmetic(Operation.SUBTRACT, 97, EquationFormat.EQUATION, 0.5));
        assertThat(minus.tokens(5)).containsExactly(2, 0, 7, 1);
        assertThat(minus.answers(5)).containsExactly(92);
        assertThat(minus.answerPositions()).containsExactly(3);
        assertThat(minus.positionLabels()).containsExactly("a", "o", "b", "=");
        assertThat(IntStream.of(minus.tokens(5)).mapToObj(minus::tokenLabel)).containsExactly("0", "o", "5", "=");
        assertThat(minus.parseQuestion(List.of("0", "5")).tokens()).containsExactly(2, 0, 7, 1);
        assertThat(minus.sentence(minus.tokens(5), new int[] {92})).isEqualTo("0 - 5 = 92 (mod 97)");
    }

    @Test
    void permutations_are_a_group_in_lexicographic_order() {
        var s5 = new Permutation(new TaskConfig.Permutation(5, EquationFormat.EQUATION, 0.5));
        assertThat(s5.images(0)).containsExactly(0, 1, 2, 3, 4);
        assertThat(s5.images(1)).containsExactly(0, 1, 2, 4, 3);
        assertThat(s5.images(119)).containsExactly(4, 3, 2, 1, 0);
        assertThat(IntStream.range(0, 120)).allMatch(i -> s5.number(s5.images(i)) == i);
        int[] a = {0, 2, 1, 3, 4};
        int[] b = {2, 1, 3, 4, 0};
        int example = s5.number(a) * 120 + s5.number(b);
        assertThat(s5.images(s5.answers(example)[0])).containsExactly(1, 2, 3, 4, 0);
        assertThat(s5.sentence(s5.tokens(example), s5.answers(example))).isEqualTo("02134 . 21340 = 12340");
        assertThat(s5.parseQuestion(List.of("02134", "21340")).tokens()).isEqualTo(s5.tokens(example));
        assertThat(IntStream.range(0, 120).map(i -> s5.answers(7 * 120 + i)[0])).doesNotHaveDuplicates();
        refuses(s5, "must be a permutation: every digit from 0 to 4 once", "02134", "21341");
        refuses(s5, "must be two permutations", "02134");
    }
}
