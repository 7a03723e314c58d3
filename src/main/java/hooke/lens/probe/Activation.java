package hooke.lens.probe;

import hooke.Check;
import hooke.hook.HookPoint;
import hooke.lens.Activations;
import hooke.lens.OpenedModel;
import java.util.List;

/**
 * What a model says at one hook point and position, for many examples: a row of numbers each.
 *
 * @param name of the point and the position, in words
 * @param values [example][width], flat
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Activation(String name, int width, double[] values) {
    /** Number of examples. */
    public int n() {
        return values.length / width;
    }

    /**
     * @param position of the residual stream; of the query, for attention scores and patterns
     * @param examples numbers of the task's examples
     */
    public static Activation of(OpenedModel opened, HookPoint point, int position, int[] examples) {
        var config = opened.model().config();
        List<String> labels = opened.task().positionLabels();
        Check.that(
                position >= 0 && position < labels.size(),
                "position %s does not exist: the task has positions 0 to %s",
                position,
                labels.size() - 1);
        Check.that(
                Activations.points(config).contains(point),
                "this model has no %s: %s",
                point,
                config.attnOnly() ? "it has no MLP, or no norm there" : "it has no norm there");
        int[][] tokens = new int[examples.length][];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = opened.task().tokens(examples[i]);
        }
        boolean atQuery = point.point().axes().contains("query");
        long[] shape = Activations.shape(config, point, 1, labels.size());
        int positions = atQuery ? 2 : 1; // the axis that positions lie on
        int width = 1;
        for (int axis = 1; axis < shape.length; axis++) {
            width *= axis == positions ? 1 : (int) shape[axis];
        }
        double[] values = new double[examples.length * width];
        int each = width;
        Activations.within(opened.model(), labels.size(), point::equals, Activations.BYTES)
                .forEach(tokens, point::equals, part -> {
                    double[] flat =
                            part.cache().get(point).select(positions, position).toDoubles();
                    System.arraycopy(flat, 0, values, part.first() * each, flat.length);
                });
        for (int i = 0; i < values.length; i++) {
            values[i] = Double.isFinite(values[i]) ? values[i] : 0; // closed scores are minus infinity
        }
        return new Activation(point + " at " + labels.get(position), width, values);
    }
}
