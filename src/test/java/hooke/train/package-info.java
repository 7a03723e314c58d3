@org.jspecify.annotations.NullMarked
package hooke.train;
