@org.jspecify.annotations.NullMarked
package hooke.stats;
