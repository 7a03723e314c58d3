package hooke.lens.probe;

import java.util.ArrayDeque;
import java.util.Deque;

/** Minimises a smooth convex function (L-BFGS with backtracking; Nocedal and Wright 2006, algorithm 7.5). */
final class Lbfgs {
    private static final int MEMORY = 10;
    private static final double SUFFICIENT = 1e-4;

    private Lbfgs() {}

    /** A function with its gradient. */
    interface Objective {
        /** The value at x; its gradient goes into the second array. */
        double at(double[] x, double[] gradient);
    }

    private record Step(double[] s, double[] y, double rho) {}

    /** Where the gradient's norm has fallen to the tolerance, or after so many steps. */
    static double[] minimise(Objective objective, double[] start, double tolerance, int steps) {
        double[] x = start.clone();
        double[] gradient = new double[x.length];
        double value = objective.at(x, gradient);
        Deque<Step> memory = new ArrayDeque<>();
        for (int i = 0; i < steps && Math.sqrt(dot(gradient, gradient)) > tolerance; i++) {
            double[] direction = direction(gradient, memory);
            double slope = dot(direction, gradient);
            double[] next = new double[x.length];
            double[] nextGradient = new double[x.length];
            double rate = memory.isEmpty() ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
            double nextValue = Double.POSITIVE_INFINITY;
            for (int tries = 0; tries < 40; tries++, rate /= 2) {
                for (int j = 0; j < x.length; j++) {
                    next[j] = x[j] + rate * direction[j];
                }
                nextValue = objective.at(next, nextGradient);
                if (nextValue <= value + SUFFICIENT * rate * slope) {
                    break;
                }
            }
            if (!(nextValue < value)) {
                return x; // rounding allows no further descent
            }
            remember(memory, x, next, gradient, nextGradient);
            x = next;
            gradient = nextGradient;
            value = nextValue;
        }
        return x;
    }

    private static void remember(
            Deque<Step> memory, double[] x, double[] next, double[] gradient, double[] nextGradient) {
        double[] s = new double[x.length];
        double[] y = new double[x.length];
        for (int j = 0; j < x.length; j++) {
            s[j] = next[j] - x[j];
            y[j] = nextGradient[j] - gradient[j];
        }
        double curvature = dot(s, y);
        if (curvature > 1e-300) {
            memory.addLast(new Step(s, y, 1 / curvature));
            if (memory.size() > MEMORY) {
                memory.removeFirst();
            }
        }
    }

    private static double[] direction(double[] gradient, Deque<Step> memory) {
        double[] q = gradient.clone();
        double[] alphas = new double[memory.size()];
        int at = memory.size();
        for (Step step : memory.reversed()) {
            alphas[--at] = step.rho() * dot(step.s(), q);
            add(q, -alphas[at], step.y());
        }
        if (!memory.isEmpty()) {
            Step last = memory.getLast();
            double scale = 1 / (last.rho() * dot(last.y(), last.y()));
            for (int j = 0; j < q.length; j++) {
                q[j] *= scale;
            }
        }
        for (Step step : memory) {
            double beta = step.rho() * dot(step.y(), q);
            add(q, alphas[at++] - beta, step.s());
        }
        for (int j = 0; j < q.length; j++) {
            q[j] = -q[j];
        }
        return q;
    }

    private static void add(double[] target, double factor, double[] values) {
        for (int j = 0; j < target.length; j++) {
            target[j] += factor * values[j];
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += a[j] * b[j];
        }
        return sum;
    }
}
