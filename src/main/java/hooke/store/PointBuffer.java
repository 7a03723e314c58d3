package hooke.store;

import java.util.Arrays;

/** Points of one series that are not stored yet. */
final class PointBuffer {
    long[] steps = new long[256];
    double[] values = new double[256];
    int size;
    /** The step of the last point or checkpoint. */
    long last;

    PointBuffer(long last) {
        this.last = last;
    }

    void add(long step, double value) {
        if (size == steps.length) {
            steps = Arrays.copyOf(steps, size * 2);
            values = Arrays.copyOf(values, size * 2);
        }
        steps[size] = step;
        values[size++] = value;
        last = step;
    }
}
