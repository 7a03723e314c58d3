/**
 * Groups, their representations, and which group a task is.
 *
 * <pre>{@code
 * Group turns = Group.cyclic(113);
 * Irrep frequency = turns.irreps().get(17);                               // cos and sin of 17 turns
 * }</pre>
 *
 * {@link hooke.lens.group.TaskGroup} says which token, class and pair each element is: residues for + and -, discrete logarithms for x and
 * /, permutations for themselves.
 */
@org.jspecify.annotations.NullMarked
package hooke.lens.group;
