/** Hooke, a laboratory for small transformers. The packages below this one are its rooms; what they share stands here. */
@org.jspecify.annotations.NullMarked
package hooke;
