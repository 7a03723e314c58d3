@org.jspecify.annotations.NullMarked
package hooke.spark;
