package hooke.lens.fourier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hooke.lens.group.Group;
import hooke.lens.group.Matrices;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PlaneTest {
    @Test
    void a_circle_in_many_dimensions_is_shown_as_a_circle() {
        var random = new Random(4);
        double[] u = random.doubles(9, -1, 1).toArray();
        double[] v = random.doubles(9, -1, 1).toArray();
        normalise(u);
        Matrices.addTo(v, -dot(u, v), u);
        normalise(v);
        double[][] points = new double[23][9];
        for (int i = 0; i < 23; i++) {
            points[i][3] = 7; // far from the origin
            Matrices.addTo(points[i], Math.cos(2 * Math.PI * 4 * i / 23), u);
            Matrices.addTo(points[i], Math.sin(2 * Math.PI * 4 * i / 23), v);
        }
        Plane plane = Plane.of(points);
        assertThat(plane.share(points)).isCloseTo(1, within(1e-12));
        for (double[] place : plane.places(points)) {
            assertThat(Math.hypot(place[0], place[1])).isCloseTo(1, within(1e-9));
        }
    }

    @Test
    void each_of_two_circles_is_a_circle_in_the_plane_of_its_frequency() {
        double[][] points = new double[23][9];
        for (int i = 0; i < 23; i++) {
            for (int k = 1; k <= 2; k++) { // frequency 3 with radius 1, frequency 6 with radius 2
                points[i][2 * k] = 5 + k * Math.cos(2 * Math.PI * 3 * k * i / 23);
                points[i][2 * k + 1] = k * Math.sin(2 * Math.PI * 3 * k * i / 23);
            }
        }
        for (int k = 1; k <= 2; k++) {
            Plane plane = Plane.of(points, Group.cyclic(23).irreps().get(3 * k).functions());
            assertThat(plane.share(points)).isCloseTo(k * k / 5.0, within(1e-12));
            for (double[] place : plane.places(points)) {
                assertThat(Math.hypot(place[0], place[1])).isCloseTo(k, within(1e-9));
            }
        }
    }

    @Test
    void its_axes_are_those_of_the_largest_spread_and_point_to_the_positive_side() {
        var random = new Random(6);
        double[][] points = new double[40][5];
        for (double[] point : points) {
            point[1] = -9 * random.nextGaussian();
            point[4] = 3 * random.nextGaussian();
            point[0] = 0.1 * random.nextGaussian();
        }
        Plane plane = Plane.of(points);
        assertThat(plane.axes()[0][1]).isCloseTo(1, within(0.01));
        assertThat(plane.axes()[1][4]).isCloseTo(1, within(0.01));
        assertThat(dot(plane.axes()[0], plane.axes()[1])).isCloseTo(0, within(1e-12));
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static void normalise(double[] v) {
        double norm = Math.sqrt(Matrices.sumOfSquares(v));
        for (int i = 0; i < v.length; i++) {
            v[i] /= norm;
        }
    }
}
