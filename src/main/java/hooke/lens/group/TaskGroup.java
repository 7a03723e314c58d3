package hooke.lens.group;

import hooke.InputException;
import hooke.config.task.EquationFormat;
import hooke.config.task.LifeConfig;
import hooke.config.task.OwnConfig;
import hooke.config.task.TableConfig;
import hooke.config.task.TaskConfig;
import hooke.config.task.TaskConfig.ModularArithmetic;
import hooke.config.task.TaskConfig.ModularArithmetic.Operation;
import hooke.config.task.TextConfig;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A task as a group: its question a, b is x y with x and y elements of the group, its answer the class of x y. Residues stand for
 * themselves under + and -, non-zero residues by their discrete logarithm under x and /; where b is subtracted or divided by, y is its
 * inverse.
 *
 * @param token {@code token[g]}: the token of element g as a first operand
 * @param result {@code result[g]}: the class of element g as an answer
 * @param example {@code example[x * order + y]}: the task's example for x y
 * @param axis the elements in words: {@code residues}, {@code discrete log, root 3}, {@code lexicographic order}
 * @param isCyclic whether its parts are frequencies, so that neurons can be told apart by theirs
 * @param leftOut examples of the task that are no pair of the group: those with a zero
 */
@SuppressWarnings("ArrayRecordComponent") // tables, changed by nobody
public record TaskGroup(
        Group group, int[] token, int[] result, int[] example, String axis, boolean isCyclic, int leftOut) {

    /** Throws {@link InputException} with the reason where a task is no group. */
    public static TaskGroup of(TaskConfig task) {
        return switch (task) {
            case ModularArithmetic m -> modular(m);
            case TaskConfig.Permutation p -> permutations(p);
            case TableConfig _, LifeConfig _, TextConfig _, OwnConfig _ ->
                throw new InputException(
                        "Fourier measures need a task that is a group, such as modular arithmetic or permutations; this one is not known to be a group");
            case TaskConfig.None _ ->
                throw new InputException(
                        "Fourier measures need modular arithmetic or permutations as the task, and this run's task is unknown (task none)");
            case TaskConfig.ListCopy l ->
                throw new InputException(
                        "Fourier measures do not apply to list copy, whose answers are copied, not added or composed; they need modular arithmetic or permutations");
        };
    }

    private static TaskGroup modular(ModularArithmetic task) {
        int p = task.modulus();
        boolean inverted = task.operation() == Operation.SUBTRACT || task.operation() == Operation.DIVIDE;
        boolean additive = task.operation() == Operation.ADD || task.operation() == Operation.SUBTRACT;
        int[] element;
        String axis;
        if (additive) {
            element = IntStream.range(0, p).toArray();
            axis = "residues";
        } else {
            if (p < 3 || !java.math.BigInteger.valueOf(p).isProbablePrime(50)) {
                throw new InputException(
                        "a %s b mod %s has no Fourier basis: only the non-zero residues of an odd prime form a cyclic group under this operation"
                                .formatted(task.operation().sign(), p));
            }
            DiscreteLog logs = DiscreteLog.of(p);
            element = logs.power();
            axis = "discrete log, root " + logs.root();
        }
        Group group = Group.cyclic(element.length);
        int n = group.order();
        int[] example = new int[n * n];
        for (int x = 0; x < n; x++) {
            for (int y = 0; y < n; y++) {
                int a = element[x];
                int b = element[inverted ? group.inverse()[y] : y];
                example[x * n + y] = task.operation() == Operation.DIVIDE ? a * (p - 1) + b - 1 : a * p + b;
            }
        }
        return new TaskGroup(group, tokens(element, task.format()), element, example, axis, true, task.size() - n * n);
    }

    private static TaskGroup permutations(TaskConfig.Permutation task) {
        Group group = Group.symmetric(task.elements());
        int n = group.order();
        int[] element = IntStream.range(0, n).toArray();
        int[] example = IntStream.range(0, n * n).toArray();
        return new TaskGroup(group, tokens(element, task.format()), element, example, "lexicographic order", false, 0);
    }

    private static int[] tokens(int[] element, EquationFormat format) {
        return Arrays.stream(element).map(e -> e + format.firstElement()).toArray();
    }
}
