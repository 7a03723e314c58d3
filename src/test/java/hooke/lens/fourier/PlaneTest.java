package hooke.lens.fourier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
    void eigenvectors_are_orthonormal_and_satisfy_their_equation() {
        var random = new Random(6);
        double[][] b = Matrices.rows(random.doubles(144, -1, 1).toArray(), 12);
        double[][] a = Matrices.times(b, Matrices.transpose(b));
        double[][] vectors = Jacobi.eigenvectors(a);
        double before = Double.POSITIVE_INFINITY;
        for (int i = 0; i < 12; i++) {
            double[] image = Matrices.times(new double[][] {vectors[i]}, a)[0];
            double value = dot(image, vectors[i]);
            assertThat(value).isLessThanOrEqualTo(before + 1e-9);
            before = value;
            for (int j = 0; j < 12; j++) {
                assertThat(image[j]).isCloseTo(value * vectors[i][j], within(1e-10));
                assertThat(dot(vectors[i], vectors[j])).isCloseTo(i == j ? 1 : 0, within(1e-12));
            }
        }
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
