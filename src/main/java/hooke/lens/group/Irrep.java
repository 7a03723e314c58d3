package hooke.lens.group;

/**
 * One irreducible real part of the functions on a group: for a cyclic group a frequency, for permutations a representation.
 *
 * @param name {@code 17} for a frequency; {@code standard}, {@code (3, 2)} for a representation, by its partition
 * @param dimension of the representation; 2 for a frequency with cosine and sine
 * @param functions an orthonormal basis of the part, [function][element]
 * @param kernel up to a factor its character, [element]: {@code kernel[x y z^-1]} is cos(w(a + b - c)), or the trace cube
 */
@SuppressWarnings("ArrayRecordComponent") // thousands of numbers, shared by all who measure and changed by nobody
public record Irrep(String name, int dimension, double[][] functions, double[] kernel) {}
