package hooke.lens.group;

import hooke.Check;
import java.math.BigInteger;
import java.util.stream.IntStream;

/**
 * The non-zero residues of a prime as powers of its smallest primitive root, which makes multiplying them adding exponents.
 *
 * @param power {@code power[i]} is root^i, i = 0 .. p - 2
 * @param log of each residue; that of 0 is -1
 */
@SuppressWarnings("ArrayRecordComponent") // tables, changed by nobody
public record DiscreteLog(int prime, int root, int[] power, int[] log) {

    public static DiscreteLog of(int prime) {
        Check.that(
                BigInteger.valueOf(prime).isProbablePrime(50),
                "%s is not prime: its residues are no cyclic group under multiplication, so they have no discrete logarithms",
                prime);
        int root = prime == 2 ? 1 : 2;
        while (!isPrimitive(root, prime)) {
            root++;
        }
        int[] power = new int[prime - 1];
        int[] log = new int[prime];
        log[0] = -1;
        for (int i = 0, value = 1; i < prime - 1; i++, value = (int) ((long) value * root % prime)) {
            power[i] = value;
            log[value] = i;
        }
        return new DiscreteLog(prime, root, power, log);
    }

    private static boolean isPrimitive(int g, int p) {
        return IntStream.rangeClosed(2, p - 1)
                .filter(q -> (p - 1) % q == 0 && BigInteger.valueOf(q).isProbablePrime(50))
                .noneMatch(q -> BigInteger.valueOf(g)
                        .modPow(BigInteger.valueOf((p - 1) / q), BigInteger.valueOf(p))
                        .equals(BigInteger.ONE));
    }
}
